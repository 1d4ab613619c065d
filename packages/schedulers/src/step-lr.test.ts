import { describe, expect, it } from "vitest";
import { lrsOf, plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { StepLR, type StepLROptions, stepLR } from "./step-lr.ts";

testScheduler("StepLR", {
  make: (optimizer, options: StepLROptions) => new StepLR(optimizer, options),
  minimal: { stepSize: 3 },
  schedule: stepLR,
});

describe("StepLR", () => {
  // PyTorch's test_step_lr: gamma 0.1, size 3.
  it("follows PyTorch's own test table", () => {
    const at = stepLR({ lr: 0.05, stepSize: 3 });
    const table = [0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.0005, 0.0005, 0.0005, 0.00005];
    table.forEach((lr, step) => {
      expect(at(step)).toBeCloseTo(lr, 12);
    });
  });

  // PyTorch's test_step_lr_is_constant_for_constant_epoch.
  it("stays where it is when it is sent there again", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 2 });
    const rates = [1, 2, 3].map(() => {
      scheduler.step(2);
      return optimizer.paramGroups[0]?.lr;
    });
    expect(rates).toEqual([0.1, 0.1, 0.1]);
  });

  it("decays a group that was added later", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 1 });
    optimizer.paramGroups.push({ lr: 2 });
    scheduler.step();
    expect(lrsOf(optimizer)).toEqual([0.1, 0.2]);
  });

  it("refuses a period that is not a whole number above 0, and leaves the optimizer alone", () => {
    expect(() => stepLR({ lr: 1, stepSize: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: stepLR: stepSize must be a whole number from 1 up, got 0.]`,
    );
    const optimizer = plainOptimizer();
    const { step } = optimizer;
    expect(() => new StepLR(optimizer, { stepSize: 2.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR: stepSize must be a whole number from 1 up, got 2.5.]`,
    );
    expect(optimizer.paramGroups[0]).not.toHaveProperty("initialLr");
    expect(optimizer.step).toBe(step);
  });

  it("refuses a state that does not fit, all of it", () => {
    const scheduler = new StepLR(plainOptimizer(), { stepSize: 2 });
    const before = scheduler.stateDict();
    expect(() => scheduler.loadStateDict({ last_epoch: 9, step_size: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR.loadStateDict: stepSize must be a whole number from 1 up, got -1.]`,
    );
    expect(scheduler.stateDict()).toEqual(before);
  });

  it("names the option that was meant", () => {
    expect(() => Reflect.construct(StepLR, [plainOptimizer(), { stepsize: 3 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR: no option stepsize. Did you mean stepSize?]`,
    );
    expect(() =>
      Reflect.construct(StepLR, [plainOptimizer(), { stepSize: 3, gama: 3 }]),
    ).toThrowErrorMatchingInlineSnapshot(`[OptionError: StepLR: no option gama. Did you mean gamma?]`);
    expect(() => Reflect.apply(stepLR, null, [{ step_size: 3 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: stepLR: no option step_size. Did you mean stepSize?]`,
    );
    expect(() => Reflect.construct(StepLR, [plainOptimizer(), { stepSize: 3, toString: 1 }])).toThrow(
      "no option toString",
    );
  });
});
