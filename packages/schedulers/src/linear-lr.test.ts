import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { LinearLR, type LinearLROptions, linearLR } from "./linear-lr.ts";

testScheduler("LinearLR", {
  make: (optimizer, options: LinearLROptions) => new LinearLR(optimizer, options),
  minimal: {},
  schedule: linearLR,
});

describe("LinearLR", () => {
  // PyTorch's test_linearlr.
  it("follows PyTorch's own test table", () => {
    const at = linearLR({ lr: 0.05, startFactor: 0.5, totalIters: 4 });
    [0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05].forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 12);
    });
  });

  it("is at its end at once if it takes no steps, where PyTorch's never leaves the start", () => {
    const scheduler = new LinearLR(plainOptimizer([0.05]), { startFactor: 0.5, totalIters: 0 });
    expect(scheduler.getLastLr()).toEqual([0.05]);
    expect(scheduler.lrsAt(7)).toEqual([0.05]);
  });

  // PyTorch's test_linearlr_start_factor_limits1 and 2.
  it("refuses factors it cannot start from or end at", () => {
    expect(() => new LinearLR(plainOptimizer(), { startFactor: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LinearLR: startFactor must be a number above 0, at most 1, got 0.]`,
    );
    expect(() => new LinearLR(plainOptimizer(), { startFactor: 1.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LinearLR: startFactor must be a number above 0, at most 1, got 1.1.]`,
    );
    expect(() => linearLR({ lr: 1, endFactor: -0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: linearLR: endFactor must be a number from 0 to 1, got -0.1.]`,
    );
  });
});
