import { describe, expect, it } from "vitest";
import { defaultsOf, plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { CosineAnnealingLR, cosineAnnealingLR } from "./cosine-annealing-lr.ts";

testScheduler("CosineAnnealingLR", {
  make: (optimizer, { T_max = 0, eta_min = 0 }, base) =>
    new CosineAnnealingLR(optimizer, { tMax: T_max, etaMin: eta_min, ...base }),
  schedule: (lr, { T_max = 0, eta_min = 0 }) => cosineAnnealingLR({ lr, tMax: T_max, etaMin: eta_min }),
});

describe("CosineAnnealingLR", () => {
  it("has PyTorch's defaults", () => {
    const scheduler = new CosineAnnealingLR(plainOptimizer(), { tMax: 3 });
    expect({ T_max: null, eta_min: scheduler.etaMin, last_epoch: -1 }).toEqual(defaultsOf("CosineAnnealingLR"));
  });

  it("falls to etaMin at tMax and rises again, without a restart", () => {
    const at = cosineAnnealingLR({ lr: 0.1, tMax: 4, etaMin: 0.01 });
    const half = [0.1, 0.086819805, 0.055, 0.023180195];
    [...half, 0.01, ...half.toReversed().slice(0, 3), 0.1].forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 8);
    });
  });

  it("refuses a half period that is not above 0", () => {
    expect(() => cosineAnnealingLR({ lr: 1, tMax: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: cosineAnnealingLR: tMax must be above 0 steps, got 0.]`,
    );
    expect(() => new CosineAnnealingLR(plainOptimizer(), { tMax: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineAnnealingLR: tMax must be above 0 steps, got NaN.]`,
    );
  });

  it("says that groups came too late for it", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 1 });
    optimizer.step();
    scheduler.step();
    optimizer.paramGroups.push({ lr: 2 });
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[Error: CosineAnnealingLR: made for 1 param groups, but the optimizer has 2 now. Add groups before building the scheduler.]`,
    );
  });
});
