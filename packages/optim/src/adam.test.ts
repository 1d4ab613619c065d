import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adam, type AdamOptions } from "./adam.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("Adam", {
  make: (params, options) => new Adam(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.02 },
});

describe("Adam", () => {
  it.each<[AdamOptions, number[]]>([
    [{}, [0.99900000002, 0.998733662987, 0.998075551397]],
    [{ lr: 0.1, amsgrad: true }, [0.900000002, 0.873366298708, 0.807555139677]],
  ])("%o goes where PyTorch goes", (options, expected) => {
    expectAnchors((params) => new Adam(params, options), expected);
  });

  it("counts the steps of each parameter by itself", () => {
    const [often, late] = [arrayParameter(Float64Array.of(1)), arrayParameter(Float64Array.of(1))];
    const optimizer = new Adam([often, late], { lr: 0.1 });
    for (let k = 0; k < 3; k++) {
      often.grad = Float64Array.of(1);
      late.grad = k === 2 ? Float64Array.of(1) : null;
      optimizer.step();
    }
    // The first step of Adam is lr * g / (|g| + eps), whenever it comes.
    expect(late.data[0]).toBeCloseTo(0.9, 8);
    expect(optimizer.stateDict().state).toMatchObject({ 0: { step: 3 }, 1: { step: 1 } });
  });

  it("starts the largest average when amsgrad is switched on midway", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new Adam([w]);
    for (const amsgrad of [false, true]) {
      for (const group of optimizer.paramGroups) group.amsgrad = amsgrad;
      w.grad = Float64Array.of(1);
      optimizer.step();
    }
    expect(Object.keys(optimizer.stateDict().state[0] ?? {})).toEqual([
      "step",
      "exp_avg",
      "exp_avg_sq",
      "max_exp_avg_sq",
    ]);
  });

  it("takes betas that are whole numbers, which PyTorch refuses by accident", () => {
    const w = arrayParameter(Float64Array.of(1));
    w.grad = Float64Array.of(0.5);
    new Adam([w], { lr: 0.1, betas: [0, 0] }).step();
    expect(w.data[0]).toBeCloseTo(0.9, 7);
  });

  it("names an option that is wrong", () => {
    const make = (options: AdamOptions) => () => new Adam([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Adam: lr must be 0 or more, got -1.]`);
    expect(make({ eps: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adam: eps must be 0 or more, got NaN.]`,
    );
    expect(make({ betas: [1, 0.9] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adam: betas must be two numbers from 0 up to, but not including, 1, got [1,0.9].]`,
    );
    expect(make({ betas: [0.9, -0.1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adam: betas must be two numbers from 0 up to, but not including, 1, got [0.9,-0.1].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adam: weightDecay must be 0 or more, got -1.]`,
    );
  });
});
