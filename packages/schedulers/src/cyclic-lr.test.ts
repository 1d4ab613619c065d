import { describe, expect, it } from "vitest";
import { lrsOf, plainOptimizer, type TestedOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { CosineAnnealingLR } from "./cosine-annealing-lr.ts";
import { CyclicLR, type CyclicLROptions, cyclicLR } from "./cyclic-lr.ts";

testScheduler("CyclicLR", {
  make: (optimizer, options: CyclicLROptions) => new CyclicLR(optimizer, options),
  minimal: { baseLr: 0.1, maxLr: 0.2 },
});

function trace(optimizer: TestedOptimizer, scheduler: CyclicLR, steps: number) {
  return Array.from({ length: steps }, () => {
    const [group] = structuredClone(optimizer.paramGroups);
    scheduler.step();
    return group;
  });
}

describe("cyclicLR", () => {
  // PyTorch's test_cycle_lr_* tables: from 1 to 5.
  it.each([
    ["triangular", { stepSizeUp: 4 }, [1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3]],
    ["triangular2", { stepSizeUp: 4 }, [1, 2, 3, 4, 5, 4, 3, 2, 1, 1.5, 2, 2.5, 3, 2.5, 2, 1.5, 1, 1.25, 1.5, 1.75, 2]],
    ["exp_range", { stepSizeUp: 4, gamma: 0.9 }, [1, 2, 3, 4, 5, 4, 3, 2, 1].map((lr, k) => 1 + (lr - 1) * 0.9 ** k)],
    ["triangular", { stepSizeUp: 4, stepSizeDown: 6 }, [1, 2, 3, 4, 5, 13 / 3, 11 / 3, 9 / 3, 7 / 3, 5 / 3, 1]],
    ["triangular", { stepSizeUp: 2, stepSizeDown: 6 }, [1, 3, 5, 13 / 3, 11 / 3, 9 / 3, 7 / 3, 5 / 3, 1]],
    ["triangular", { stepSizeUp: 4, stepSizeDown: 0 }, [1, 2, 3, 4, 1, 2, 3, 4]],
  ] as const)("follows PyTorch's own test table, %s %o", (mode, options, table) => {
    const at = cyclicLR({ baseLr: 1, maxLr: 5, mode, ...options });
    table.forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 10);
    });
  });
});

describe("CyclicLR", () => {
  it("cycles the momentum the other way", () => {
    const optimizer = plainOptimizer([0.5]);
    const scheduler = new CyclicLR(optimizer, { baseLr: 1, maxLr: 5, stepSizeUp: 4, baseMomentum: 1, maxMomentum: 5 });
    const momentums = trace(optimizer, scheduler, 10).map((group) => group?.momentum);
    expect(momentums).toEqual([5, 4, 3, 2, 1, 2, 3, 4, 5, 4]);
    expect(optimizer.paramGroups[0]).toMatchObject({ initialLr: 1, baseMomentum: 1, maxMomentum: 5 });
  });

  it("cycles the first beta where there are betas, and keeps the others", () => {
    const optimizer = plainOptimizer([0.5], { betas: [0.9, 0.999] });
    const scheduler = new CyclicLR(optimizer, { baseLr: 1, maxLr: 5, stepSizeUp: 1 });
    expect(scheduler.useBeta1).toBe(true);
    expect(trace(optimizer, scheduler, 3).map((group) => group?.betas)).toEqual([
      [0.9, 0.999],
      [0.8, 0.999],
      [0.9, 0.999],
    ]);
  });

  // PyTorch's test_cycle_lr_cycle_momentum_fail_with_momentumless_optimizer and _with_momentumless_optimizer.
  it("needs a momentum, or to be told that there is none", () => {
    const optimizer = plainOptimizer([0.5], {});
    expect(() => new CyclicLR(optimizer, { baseLr: 1, maxLr: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CyclicLR: cycleMomentum must be false for an optimizer without momentum or betas, got true.]`,
    );
    expect(optimizer.paramGroups).toEqual([{ lr: 0.5 }]);
    new CyclicLR(optimizer, { baseLr: 1, maxLr: 5, cycleMomentum: false });
    expect(optimizer.paramGroups).toEqual([{ lr: 1, initialLr: 1 }]);
  });

  it("saves what was assigned to its own scale function, and nothing of the function", () => {
    const scaleFn = Object.assign((cycle: number) => scaleFn.factor ** cycle, { factor: 0.5 });
    const options = { baseLr: 1, maxLr: 5, stepSizeUp: 2, scaleFn };
    const state = new CyclicLR(plainOptimizer(), options).stateDict();
    expect(state._scale_fn_custom).toEqual({ factor: 0.5 });
    scaleFn.factor = 1;
    new CyclicLR(plainOptimizer(), options).loadStateDict(state);
    expect(scaleFn.factor).toBe(0.5);
    expect(new CyclicLR(plainOptimizer(), { ...options, scaleFn: () => 1 }).stateDict()._scale_fn_custom).toBe(null);
  });

  // PyTorch's test_cycle_lr_scale_fn_restored_from_state_dict.
  it("takes its mode from a state", () => {
    const saved = new CyclicLR(plainOptimizer(), { baseLr: 1, maxLr: 5, mode: "exp_range", gamma: 0.9 }).stateDict();
    const scheduler = new CyclicLR(plainOptimizer(), { baseLr: 1, maxLr: 5 });
    scheduler.loadStateDict(saved);
    expect([scheduler.mode, scheduler.gamma, scheduler.scaleMode]).toEqual(["exp_range", 0.9, "iterations"]);
  });

  // PyTorch's test_cosine_then_cyclic, its issue 21965.
  it("takes over from another scheduler, within its own bounds", () => {
    const optimizer = plainOptimizer([0.5]);
    const cosine = new CosineAnnealingLR(optimizer, { tMax: 4, etaMin: 0.1 });
    for (let k = 0; k < 4; k++) cosine.step();
    const cyclic = new CyclicLR(optimizer, { baseLr: 0.1, maxLr: 0.3, stepSizeUp: 1, stepSizeDown: 3 });
    for (let k = 0; k < 40; k++) {
      cyclic.step();
      expect(lrsOf(optimizer)[0]).toBeLessThanOrEqual(0.3);
    }
    expect(cyclic.baseLrs).toEqual([0.1]);
  });

  it("refuses options that are not what they must be", () => {
    const make = (options: object) => () =>
      Reflect.construct(CyclicLR, [plainOptimizer(), { baseLr: 1, maxLr: 5, ...options }]);
    expect(make({ mode: "square" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CyclicLR: mode must be one of triangular, triangular2, exp_range, got square.]`,
    );
    expect(make({ maxLr: [1, 2, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CyclicLR: maxLr must be a list of 2, one for each group, got 1,2,3.]`,
    );
    expect(make({ baseMomentum: "high" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CyclicLR: baseMomentum must be a finite number, or a list with one for each group, got high.]`,
    );
    expect(make({ stepSizeUp: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CyclicLR: stepSizeUp must be a whole number from 1 up, got 0.]`,
    );
  });
});
