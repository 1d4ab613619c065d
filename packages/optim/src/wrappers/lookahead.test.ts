import { describe, expect, it } from "vitest";
import { gradientOfPapers, papers } from "../../test/reference.ts";
import { expectClose } from "../../test/trajectories.ts";
import { testWrapper } from "../../test/wrapper-suite.ts";
import { Adam } from "../adam.ts";
import { arrayParameter } from "../array-parameter.ts";
import { SGD } from "../sgd.ts";
import { Lookahead } from "./lookahead.ts";

testWrapper("Lookahead", { wrap: (optimizer) => new Lookahead(optimizer, { k: 3, alpha: 0.6 }) });

const scalar = (value = 1) => arrayParameter(Float64Array.of(value));

describe("Lookahead", () => {
  it.each(papers.lookahead)("goes where the paper's algorithm goes with $options", ({ options, trajectory }) => {
    const [w, b] = [arrayParameter(Float64Array.of(1.5, -0.5, 2)), scalar(-1)];
    const optimizer = new Lookahead(new SGD([w, b], { lr: 0.05, momentum: 0.5 }), options);
    for (const expected of trajectory) {
      [w.grad, b.grad] = gradientOfPapers(w.data, b.data);
      optimizer.step();
      // float64, the same formulas: 1e-12 leaves room for twenty steps.
      expectClose(w.data, expected.w, 1e-12);
      expectClose(b.data, [expected.b], 1e-12);
    }
  });

  it("is the optimizer inside with alpha 1, and stands still with alpha 0", () => {
    const run = (alpha: number | null): number | undefined => {
      const w = scalar();
      const inner = new Adam([w], { lr: 0.1 });
      const optimizer = alpha === null ? inner : new Lookahead(inner, { k: 2, alpha });
      for (let k = 0; k < 4; k++) {
        w.grad = Float64Array.of(k + 1);
        optimizer.step();
      }
      return w.data[0];
    };
    expect(run(1)).toBe(run(null));
    expect(run(0)).toBe(1);
  });

  it("takes back a parameter that had no gradient in the last step, too", () => {
    const w = scalar();
    const optimizer = new Lookahead(new SGD([w], { lr: 0.1 }), { k: 2, alpha: 0.5 });
    w.grad = Float64Array.of(1);
    optimizer.step();
    w.grad = null;
    optimizer.step();
    expect(w.data[0]).toBeCloseTo(0.95, 15);
  });

  it("begins with a parameter that is added later at the next slow weights", () => {
    const [w, late] = [scalar(), scalar()];
    const inner = new SGD([w], { lr: 0.1 });
    const optimizer = new Lookahead(inner, { k: 2, alpha: 0 });
    for (let k = 0; k < 4; k++) {
      if (k === 1) inner.addParamGroup({ params: late });
      w.grad = Float64Array.of(1);
      late.grad = Float64Array.of(1);
      optimizer.step();
    }
    expect(w.data[0]).toBe(1);
    expect(late.data[0]).toBeCloseTo(0.9, 15);
  });

  it("names an option, or what is wrong in a state dict", () => {
    const make = (options: object) => () => new Lookahead(new SGD([scalar()]), options);
    expect(make({ k: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Lookahead: k must be a whole number from 1, got 0.]`,
    );
    expect(make({ alpha: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Lookahead: alpha must be from 0 to 1, got 1.5.]`,
    );
    const optimizer = make({})();
    const saved = optimizer.stateDict();
    const load = (changes: object) => () => optimizer.loadStateDict({ ...saved, ...changes });
    expect(load({ step: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Lookahead.loadStateDict: step must be a whole number from 0 up to, but not including, 5, got 5.]`,
    );
    expect(load({ step: 1, slow: { 1: { shape: [1], data: [1] } } })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Lookahead.loadStateDict: slow has parameter 1, the optimizer has 1. Load it into an optimizer of the same model.]`,
    );
    expect(load({ step: 1, slow: { 0: { shape: [2], data: [1, 2] } } })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Lookahead.loadStateDict: slow[0] has shape [2], its parameter [1]. Load it into the model it was saved with.]`,
    );
  });
});
