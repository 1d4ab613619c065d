import { ones } from "@anneal/tensor";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sgdStep } from "../../test/sgd.ts";
import { evaluate, Linear, type Module, ReLU, Sequential } from "../index.ts";

const make = () => new Sequential(new Linear(2, 2), new ReLU(), new Linear(2, 1));

function step(model: Module & { forward(x: ReturnType<typeof ones>): ReturnType<typeof ones> }): void {
  model.zeroGrad();
  model
    .forward(ones([1, 2]))
    .sum()
    .backward();
  sgdStep(model.parameters(), 0.1);
}

/** The mistake: a validation that leaves the model in eval mode. */
function validateCarelessly(model: Module): void {
  model.eval();
}

describe("an optimizer's step on a model in eval mode", () => {
  const warn = vi.spyOn(console, "warn");
  const warnings = () => warn.mock.calls.map(([message]) => String(message).replace(/[^ ]*[\\/](packages[\\/])/, "$1"));
  beforeEach(() => void warn.mockImplementation(() => {}));
  afterEach(() => void warn.mockReset());

  it("warns once, and names the place that called eval(), also where a loop comes by there again", () => {
    const model = make();
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let i = 0; i < 3; i++) step(model);
      validateCarelessly(model);
    }
    expect(warnings()).toMatchInlineSnapshot(`
      [
        "optimizer.step: Sequential is in eval mode, so dropout is off and batch-norm does not learn. eval() was called at packages/nn/src/module/eval-warning.test.ts:19:9. Call model.train() before training goes on, or validate inside evaluate(model, fn).",
      ]
    `);
  });

  it("names the place of train(false) too, and warns anew after an eval() elsewhere", () => {
    const model = make().train(false);
    step(model);
    model.train();
    step(model);
    model.eval();
    step(model);
    expect(warnings()).toHaveLength(2);
    expect(warnings()[0]).toMatch(/eval-warning\.test\.ts:\d+:\d+/);
  });

  it("is no mistake in training mode, after evaluate, or when only gradients are zeroed", () => {
    const model = make();
    evaluate(model, () => model.forward(ones([1, 2])));
    step(model);
    model.eval();
    model.train();
    step(model);
    model.eval();
    for (const parameter of model.parameters())
      parameter.update({ name: "zeroGrad", state: [], scalars: [], updates: [] }, [], []);
    expect(warnings()).toEqual([]);
  });

  it("still warns where evaluate was called on a model left in eval mode before", () => {
    const model = make().eval();
    evaluate(model, () => {});
    step(model);
    expect(warnings()).toHaveLength(1);
  });
});
