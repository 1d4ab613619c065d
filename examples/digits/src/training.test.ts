// The packages together, as the example uses them: PyTorch's numbers, and memory that stays as it is.
import { readFileSync } from "node:fs";
import { DataLoader, TensorDataset } from "@anneal/data";
import {
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  evaluate,
  Flatten,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "@anneal/nn";
import { Adam, AdamW, SGD } from "@anneal/optim";
import { CosineAnnealingLR } from "@anneal/schedulers";
import {
  type Device,
  defaultDevice,
  manualSeed,
  memory,
  randn,
  setDefaultDevice,
  type Tensor,
  tensor,
} from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DigitsNet } from "./digits-net.ts";

interface Described {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Vectors {
  readonly rtol: number;
  readonly atol: number;
  readonly initial: Readonly<Record<string, Described>>;
  readonly images: Described;
  readonly labels: Described;
  readonly cases: readonly {
    readonly optimizer: "SGD" | "Adam" | "AdamW";
    readonly options: object;
    readonly losses: readonly number[];
    readonly stateDict: Readonly<Record<string, Described>>;
    readonly logits: Described;
  }[];
}

// packages/nn/reference/README.md tells how they are made, and why the tolerance is what it is.
const file = new URL("../../../packages/nn/reference/training.json", import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(file, "utf8"));
const optimizers = { SGD, Adam, AdamW };
const devices: readonly (readonly [string, () => Device])[] = [
  ["the default device", defaultDevice],
  ["reference", reference],
];

const before = defaultDevice();
afterEach(() => void setDefaultDevice(before));

const floats = ({ shape, data }: Described): Tensor => tensor(Float32Array.from(data), { shape });
const close = ({ data }: { readonly data: readonly number[] }) => {
  return data.map((want) =>
    expect.toSatisfy(
      (got: number) => Math.abs(got - want) <= vectors.atol + vectors.rtol * Math.abs(want),
      `about ${want}`,
    ),
  );
};
const numbers = (x: Tensor | undefined): number[] => Array.from(x?.dataSync() ?? [], Number);

describe.each(devices)("five steps on %s", (_, make) => {
  it.each(vectors.cases)(
    "of $optimizer $options lead where PyTorch's do",
    ({ optimizer: name, options, losses, stateDict, logits }) => {
      setDefaultDevice(make());
      const model = new Sequential(
        new Conv2d(1, 4, 3, { padding: 1, bias: false }),
        new BatchNorm2d(4),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(64, 4),
      );
      model.loadStateDict(vectors.initial);
      const images = floats(vectors.images);
      const labels = tensor(Int32Array.from(vectors.labels.data));
      const optimizer = new optimizers[name](model.parameters(), options);
      const criterion = new CrossEntropyLoss();
      const seen = losses.map(() => {
        const loss = criterion.forward(model.forward(images), labels);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.itemSync();
      });
      expect(seen).toEqual(close({ data: losses }));
      const state = model.stateDict();
      expect([...state.keys()]).toEqual(Object.keys(stateDict));
      for (const [key, want] of Object.entries(stateDict)) expect(numbers(state.get(key)), key).toEqual(close(want));
      expect(numbers(evaluate(model, () => model.forward(images)))).toEqual(close(logits));
    },
  );
});

describe("a training with loader, dropout, batch-norm, Adam and a schedule", () => {
  const dataset = () =>
    new TensorDataset(randn([40, 1, 8, 8]).realize(), tensor(Int32Array.from({ length: 40 }, (_, i) => i % 10)));

  function* train(model: DigitsNet): Generator<number, void, undefined> {
    const loader = new DataLoader(dataset(), { batchSize: 10, shuffle: true, seed: 1 });
    const criterion = new CrossEntropyLoss();
    const optimizer = new Adam(model.parameters(), { lr: 2e-3 });
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 50 });
    for (;;) {
      for (const [images, labels] of loader) {
        const loss = criterion.forward(model.forward(images), labels);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        yield loss.itemSync();
      }
      scheduler.step();
    }
  }

  it("holds the same memory after step 10 and step 210", () => {
    manualSeed(0);
    const steps = train(new DigitsNet([8, 8]));
    // In the same place of an epoch of four steps.
    for (let i = 0; i < 10; i++) steps.next();
    const { tensors, bytes } = memory();
    for (let i = 10; i < 210; i++) steps.next();
    expect({ tensors: memory().tensors, bytes: memory().bytes }).toEqual({ tensors, bytes });
  });

  it("goes the same way from the same seed, bit for bit", () => {
    const run = (): number[] => {
      manualSeed(5);
      const steps = train(new DigitsNet([8, 8]));
      return Array.from({ length: 6 }, () => Number(steps.next().value));
    };
    expect(run()).toEqual(run());
  });

  it("warns when the model was left in eval mode, once, and names the place", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = new DigitsNet([8, 8]);
    const steps = train(model.eval());
    for (let i = 0; i < 3; i++) steps.next();
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/DigitsNet is in eval mode.*training\.test\.ts:\d+/)]]);
    warn.mockRestore();
  });
});
