import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { CosineAnnealingLR, type CosineAnnealingLROptions, cosineAnnealingLR } from "./cosine-annealing-lr.ts";

testScheduler("CosineAnnealingLR", {
  make: (optimizer, options: CosineAnnealingLROptions) => new CosineAnnealingLR(optimizer, options),
  minimal: { tMax: 3 },
  schedule: cosineAnnealingLR,
});

describe("CosineAnnealingLR", () => {
  it("falls to etaMin at tMax and rises again, without a restart", () => {
    const at = cosineAnnealingLR({ lr: 0.1, tMax: 4, etaMin: 0.01 });
    const half = [0.1, 0.086819805, 0.055, 0.023180195];
    [...half, 0.01, ...half.toReversed().slice(0, 3), 0.1].forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 8);
    });
  });

  it("refuses a half period that is not a whole number above 0", () => {
    expect(() => cosineAnnealingLR({ lr: 1, tMax: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: cosineAnnealingLR: tMax must be a whole number from 1 up, got 0.]`,
    );
    expect(() => new CosineAnnealingLR(plainOptimizer(), { tMax: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineAnnealingLR: tMax must be a whole number from 1 up, got NaN.]`,
    );
  });

  it("cannot lead a group that was added later out of the lowest rate", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 1 });
    scheduler.step();
    optimizer.paramGroups.push({ lr: 2 });
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineAnnealingLR, built for 1 groups: the next paramGroups[1].lr must be a finite number, got NaN.]`,
    );
  });
});
