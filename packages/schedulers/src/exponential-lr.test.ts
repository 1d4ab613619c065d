import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { ExponentialLR, type ExponentialLROptions, exponentialLR } from "./exponential-lr.ts";

testScheduler("ExponentialLR", {
  make: (optimizer, options: ExponentialLROptions) => new ExponentialLR(optimizer, options),
  minimal: { gamma: 0.9 },
  schedule: exponentialLR,
});

describe("ExponentialLR", () => {
  it("needs its base", () => {
    expect(() => Reflect.construct(ExponentialLR, [plainOptimizer(), {}])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ExponentialLR: gamma must be a finite number, got undefined.]`,
    );
    expect(() => exponentialLR({ lr: Number.NaN, gamma: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: exponentialLR: lr must be a finite number, got NaN.]`,
    );
  });

  it("says that a rate grew beyond all numbers", () => {
    const scheduler = new ExponentialLR(plainOptimizer([1]), { gamma: 1e200 });
    scheduler.step();
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ExponentialLR, built for 1 groups: the next paramGroups[0].lr must be a finite number, got Infinity.]`,
    );
  });
});
