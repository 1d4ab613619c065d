import { manualSeed, memory, noGrad, ones, randn, scope, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { sgdStep } from "../test/sgd.ts";
import {
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  Dropout,
  evaluate,
  Flatten,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "./index.ts";

const make = () =>
  new Sequential(
    new Conv2d(1, 4, 3, { padding: 1 }),
    new BatchNorm2d(4),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Dropout(0.25),
    new Linear(36, 3),
  );

describe("a training loop in scopes", () => {
  it("holds the same memory after step 10 and step 200", () => {
    manualSeed(0);
    const model = make();
    const criterion = new CrossEntropyLoss();
    const images = randn([8, 1, 6, 6]);
    const labels = tensor([0, 1, 2, 0, 1, 2, 0, 1], { dtype: "int32" });
    const losses: number[] = [];
    const step = () =>
      scope(() => {
        const loss = criterion.forward(model.forward(images), labels);
        model.zeroGrad();
        loss.backward();
        sgdStep(model.parameters(), 0.05);
        losses.push(loss.itemSync());
        if (losses.length % 10 === 0) evaluate(model, () => model.forward(images).argmax(1).realize());
      });
    for (let i = 0; i < 10; i++) step();
    const { tensors, bytes } = memory();
    for (let i = 10; i < 200; i++) step();
    expect({ tensors: memory().tensors, bytes: memory().bytes }).toEqual({ tensors, bytes });
    // It learns, too: eight images are soon known by heart.
    expect(losses.at(-1)).toBeLessThan(0.2 * (losses[0] as number));
  });
});

describe("noGrad", () => {
  it("records no graph: what the layers computed on the way is gone when they are done", () => {
    const model = make();
    const x = ones([8, 1, 6, 6]).realize();
    const held = (forward: () => Tensor): number =>
      scope(() => {
        const { bytes } = memory();
        const y = scope(() => forward().realize());
        expect(y.shape).toEqual([8, 3]);
        return memory().bytes - bytes;
      });
    const result = 4 * 8 * 3;
    expect(held(() => noGrad(() => model.forward(x)))).toBe(result);
    // With a graph at least the convolution's input to the batch-norm stays, 8 x 4 x 6 x 6.
    expect(held(() => model.forward(x))).toBeGreaterThanOrEqual(result + 4 * 8 * 4 * 6 * 6);
  });
});
