import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
  cosineAnnealingWarmRestarts,
} from "./cosine-annealing-warm-restarts.ts";

testScheduler("CosineAnnealingWarmRestarts", {
  make: (optimizer, options: CosineAnnealingWarmRestartsOptions) => new CosineAnnealingWarmRestarts(optimizer, options),
  minimal: { t0: 3 },
  schedule: cosineAnnealingWarmRestarts,
  // PyTorch's class has a step of its own, which forgets to count.
  state: { _step_count: 4 },
});

describe("CosineAnnealingWarmRestarts", () => {
  it("goes on from a fraction of an epoch, also one that PyTorch saved", () => {
    const scheduler = new CosineAnnealingWarmRestarts(plainOptimizer([1]), { t0: 4, tMult: 2 });
    scheduler.loadStateDict({ last_epoch: 5, T_cur: 1.25, T_i: 8 });
    expect([scheduler.lastEpoch, scheduler.tCur, scheduler.tI]).toEqual([5.25, 1.25, 8]);
    scheduler.step();
    expect(scheduler.getLastLr()[0]).toBeCloseTo((1 + Math.cos((Math.PI * 2.25) / 8)) / 2, 12);
  });

  it("restarts exactly where a logarithm rounds down", () => {
    // PyTorch finds the cycle by log(1000, 10), which is 2.9999999999999996.
    expect(cosineAnnealingWarmRestarts({ lr: 1, t0: 1, tMult: 10 })(111)).toBe(1);
  });

  it("refuses cycles that are not whole numbers above 0, and epochs before the first", () => {
    expect(() => cosineAnnealingWarmRestarts({ lr: 1, t0: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: cosineAnnealingWarmRestarts: t0 must be a whole number from 1 up, got 0.]`,
    );
    expect(
      () => new CosineAnnealingWarmRestarts(plainOptimizer(), { t0: 2, tMult: 0.5 }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineAnnealingWarmRestarts: tMult must be a whole number from 1 up, got 0.5.]`,
    );
    const scheduler = new CosineAnnealingWarmRestarts(plainOptimizer(), { t0: 2 });
    expect(() => scheduler.step(-1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineAnnealingWarmRestarts: epoch must be a number from 0 up, got -1.]`,
    );
  });
});
