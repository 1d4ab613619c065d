import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { NAdam, type NAdamOptions } from "./nadam.ts";

testOptimizer("NAdam", {
  make: (params, options) => new NAdam(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.02 },
});

describe("NAdam", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new NAdam(params), [0.997887096486, 0.998709315923, 0.996713111721]);
  });

  it("rounds mu_product to the precision of the parameter, as PyTorch's is a tensor", () => {
    const [narrow, wide] = [arrayParameter(Float32Array.of(1)), arrayParameter(Float64Array.of(1))];
    const optimizer = new NAdam([narrow, wide]);
    narrow.grad = Float32Array.of(1);
    wide.grad = Float64Array.of(1);
    optimizer.step();
    // μ₁ = β1 (1 - 0.96 ^ momentumDecay / 2).
    const momentum = 0.9 * (1 - 0.5 * 0.96 ** 4e-3);
    expect(optimizer.stateDict().state[0]).toMatchObject({ mu_product: Math.fround(momentum) });
    expect(optimizer.stateDict().state[1]).toMatchObject({ mu_product: momentum });
  });

  it("names an option that is wrong", () => {
    const make = (options: NAdamOptions) => () => new NAdam([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: NAdam: lr must be 0 or more, got -1.]`);
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: NAdam: eps must be 0 or more, got -1.]`,
    );
    expect(make({ betas: [1, 0.9] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: NAdam: betas must be two numbers from 0 up to, but not including, 1, got [1,0.9].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: NAdam: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ momentumDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: NAdam: momentumDecay must be 0 or more, got -1.]`,
    );
  });
});
