import { describe, expect, it } from "vitest";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adan, type AdanOptions } from "./adan.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("Adan", {
  make: (params, options) => new Adan(params, options),
  parabola: { lr: 0.2 },
  rosenbrock: { lr: 0.02 },
});

describe("Adan", () => {
  it("takes a constant gradient for one that does not change: Adam's step", () => {
    const w = arrayParameter(Float64Array.of(0));
    const optimizer = new Adan([w], { lr: 0.1 });
    for (let k = 1; k <= 3; k++) {
      w.grad = Float64Array.of(7);
      optimizer.step();
      // Of lr each, but for eps.
      expect(w.data[0]).toBeCloseTo(-0.1 * k, 8);
    }
  });

  it("names an option that is wrong", () => {
    const make = (options: AdanOptions) => () => new Adan([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Adan: lr must be 0 or more, got -1.]`);
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Adan: eps must be 0 or more, got -1.]`);
    expect(make({ betas: [0.9, 0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adan: betas must be three numbers from 0 up to, but not including, 1, got [0.9,0.9,1].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adan: weightDecay must be 0 or more, got -1.]`,
    );
  });

  it("needs three betas", () => {
    expect(() =>
      Reflect.construct(Adan, [[arrayParameter(new Float32Array(1))], { betas: [0.9, 0.999] }]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adan: betas must be three numbers from 0 up to, but not including, 1, got [0.9,0.999].]`,
    );
  });
});
