import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adamax, type AdamaxOptions } from "./adamax.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("Adamax", {
  make: (params, options) => new Adamax(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.02 },
});

describe("Adamax", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new Adamax(params), [0.99800000004, 0.997578525943, 0.996707677243]);
  });

  it("adds eps to the size of the gradient, so that gradients of zero give no NaN", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new Adamax([w], { eps: 0.25 });
    w.grad = Float64Array.of(0);
    optimizer.step();
    expect(optimizer.stateDict().state[0]?.exp_inf).toEqual({ shape: [1], data: Float64Array.of(0.25) });
  });

  it("names an option that is wrong", () => {
    const make = (options: AdamaxOptions) => () => new Adamax([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Adamax: lr must be 0 or more, got -1.]`);
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adamax: eps must be 0 or more, got -1.]`,
    );
    expect(make({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adamax: betas must be two numbers from 0 up to, but not including, 1, got [0.9,1].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adamax: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ differentiable: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adamax: differentiable must be false: a step cannot be differentiated here, got true.]`,
    );
  });
});
