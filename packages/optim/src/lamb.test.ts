import { describe, expect, it } from "vitest";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { LAMB, type LAMBOptions } from "./lamb.ts";

testOptimizer("LAMB", {
  make: (params, options) => new LAMB(params, options),
  parabola: { lr: 0.02 },
  rosenbrock: { lr: 0.02 },
  undecayed: { weightDecay: 0 },
  needsSchedule: true,
});

describe("LAMB", () => {
  it("moves each parameter by lr times its own norm, whatever the gradient's scale", () => {
    const params = [arrayParameter(Float64Array.of(3, 4)), arrayParameter(Float64Array.of(0.3, -0.4))];
    const before = params.map(({ data }) => data.slice());
    params.forEach((w, i) => {
      w.grad = Float64Array.of(10 ** i, -1);
    });
    new LAMB(params, { lr: 0.01, weightDecay: 0.1 }).step();
    const moved = params.map(({ data }, i) => Math.hypot(...data.map((x, j) => x - (before[i]?.[j] ?? 0))));
    expect(moved[0]).toBeCloseTo(0.05, 14);
    expect(moved[1]).toBeCloseTo(0.005, 14);
  });

  it("takes Adam's step where the parameter is 0", () => {
    const w = arrayParameter(Float64Array.of(0, 0));
    w.grad = Float64Array.of(2, -3);
    new LAMB([w], { lr: 0.1, eps: 0 }).step();
    expect(w.data).toEqual(Float64Array.of(-0.1, 0.1));
  });

  it("stays where neither gradient nor decay asks for a move", () => {
    const w = arrayParameter(Float64Array.of(1, 2));
    w.grad = Float64Array.of(0, 0);
    new LAMB([w], { weightDecay: 0 }).step();
    expect(w.data).toEqual(Float64Array.of(1, 2));
  });

  it("names an option that is wrong", () => {
    const make = (options: LAMBOptions) => () => new LAMB([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: LAMB: lr must be 0 or more, got -1.]`);
    expect(make({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LAMB: betas must be two numbers from 0 up to, but not including, 1, got [0.9,1].]`,
    );
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: LAMB: eps must be 0 or more, got -1.]`);
    expect(make({ weightDecay: -0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LAMB: weightDecay must be 0 or more, got -0.1.]`,
    );
  });
});
