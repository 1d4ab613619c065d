import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { MultiStepLR, type MultiStepLROptions, multiStepLR } from "./multi-step-lr.ts";

testScheduler("MultiStepLR", {
  make: (optimizer, options: MultiStepLROptions) => new MultiStepLR(optimizer, options),
  minimal: { milestones: [1] },
  schedule: multiStepLR,
});

describe("MultiStepLR", () => {
  // PyTorch's test_multi_step_lr.
  it("follows PyTorch's own test table", () => {
    const at = multiStepLR({ lr: 0.05, milestones: [2, 5, 9] });
    const table = [0.05, 0.05, ...Array(3).fill(0.005), ...Array(4).fill(0.0005), ...Array(3).fill(0.00005)];
    table.forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 12);
    });
  });

  it("counts its milestones as Python's Counter does", () => {
    const scheduler = new MultiStepLR(plainOptimizer(), { milestones: [5, 2, 2] });
    expect(scheduler.milestones).toEqual({ 2: 2, 5: 1 });
  });

  it("takes counts from a plain object or a Map", () => {
    const [fromObject, fromMap] = [1, 2].map(() => new MultiStepLR(plainOptimizer([1]), { milestones: [] }));
    fromObject?.loadStateDict({ milestones: { 1: 2, 3: 1 } });
    fromMap?.loadStateDict({
      milestones: new Map([
        [1, 2],
        [3, 1],
      ]),
    });
    expect(fromMap?.stateDict()).toEqual(fromObject?.stateDict());
    fromMap?.seek(3);
    expect(fromMap?.getLastLr()[0]).toBeCloseTo(0.001, 12);
  });

  it("refuses what is not a list of epochs", () => {
    expect(() => Reflect.construct(MultiStepLR, [plainOptimizer(), {}])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiStepLR: milestones must be a list, each a whole number from 0 up, got undefined.]`,
    );
    expect(() => multiStepLR({ lr: 1, milestones: [1, 2.5] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: multiStepLR: milestones must be a list, each a whole number from 0 up, got 1,2.5.]`,
    );
    const scheduler = new MultiStepLR(plainOptimizer(), { milestones: [1] });
    expect(() => scheduler.loadStateDict({ milestones: { one: 1 } })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiStepLR.loadStateDict: milestones must be a count for each epoch, got [object Object].]`,
    );
  });
});
