import { describe, expect, it } from "vitest";
import { defaultsOf, plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { StepLR, stepLR } from "./step-lr.ts";

testScheduler("StepLR", {
  make: (optimizer, { step_size = 0, gamma = 0.1 }, base) =>
    new StepLR(optimizer, { stepSize: step_size, gamma, ...base }),
  schedule: (lr, { step_size = 0, gamma = 0.1 }) => stepLR({ lr, stepSize: step_size, gamma }),
});

describe("StepLR", () => {
  it("has PyTorch's defaults", () => {
    const scheduler = new StepLR(plainOptimizer(), { stepSize: 3 });
    expect({ step_size: null, gamma: scheduler.gamma, last_epoch: -1 }).toEqual(defaultsOf("StepLR"));
  });

  // PyTorch's test_step_lr: gamma 0.1, size 3.
  it("follows PyTorch's own test table", () => {
    const at = stepLR({ lr: 0.05, stepSize: 3 });
    const table = [0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.0005, 0.0005, 0.0005, 0.00005];
    table.forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 12);
    });
  });

  it("multiplies its effect with that of another scheduler", () => {
    const optimizer = plainOptimizer([1]);
    const [slow, fast] = [new StepLR(optimizer, { stepSize: 2 }), new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })];
    for (let k = 0; k < 4; k++) {
      optimizer.step();
      slow.step();
      fast.step();
    }
    expect(optimizer.paramGroups[0]?.lr).toBeCloseTo(0.1 ** 2 * 0.5 ** 4, 12);
    expect(optimizer.paramGroups[0]?.initialLr).toBe(1);
  });

  it("decays a group that was added later", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 1 });
    optimizer.paramGroups.push({ lr: 2 });
    optimizer.step();
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.1, 0.2]);
  });

  it("refuses a period that is not a whole number above 0", () => {
    expect(() => stepLR({ lr: 1, stepSize: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: stepLR: stepSize must be a whole number of steps above 0, got 0.]`,
    );
    expect(() => new StepLR(plainOptimizer(), { stepSize: 2.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR: stepSize must be a whole number of steps above 0, got 2.5.]`,
    );
    const scheduler = new StepLR(plainOptimizer(), { stepSize: 2 });
    const before = scheduler.stateDict();
    expect(() => scheduler.loadStateDict({ step_size: -1, last_epoch: 9 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR.loadStateDict: stepSize must be a whole number of steps above 0, got -1.]`,
    );
    expect(scheduler.stateDict()).toEqual(before);
  });
});
