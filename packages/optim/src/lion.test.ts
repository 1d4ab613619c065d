import { describe, expect, it } from "vitest";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { Lion, type LionOptions } from "./lion.ts";

testOptimizer("Lion", {
  make: (params, options) => new Lion(params, options),
  parabola: { lr: 0.05 },
  rosenbrock: { lr: 0.002 },
  needsSchedule: true,
});

describe("Lion", () => {
  it("moves every element by the rate, and shrinks it by lr * weightDecay first", () => {
    const w = arrayParameter(Float64Array.of(2, 2, 2));
    w.grad = Float64Array.of(1e-9, -1e9, 0);
    new Lion([w], { lr: 0.1, weightDecay: 0.5 }).step();
    expect([...w.data].map((x) => Number(x.toFixed(12)))).toEqual([1.8, 2, 1.9]);
  });

  it("names an option that is wrong", () => {
    const make = (options: LionOptions) => () => new Lion([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Lion: lr must be 0 or more, got -1.]`);
    expect(make({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Lion: betas must be two numbers from 0 up to, but not including, 1, got [0.9,1].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Lion: weightDecay must be 0 or more, got -1.]`,
    );
  });
});
