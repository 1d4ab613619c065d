import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { OneCycleLR, type OneCycleLROptions, oneCycleLR } from "./one-cycle-lr.ts";
import { SequentialLR } from "./sequential-lr.ts";
import { StepLR } from "./step-lr.ts";

testScheduler("OneCycleLR", {
  make: (optimizer, options: OneCycleLROptions) => new OneCycleLR(optimizer, options),
  minimal: { maxLr: 0.1, totalSteps: 10 },
});

/** The rates and momentums of a whole cycle. */
function cycle(options: OneCycleLROptions, steps: number) {
  const optimizer = plainOptimizer([0.5]);
  const scheduler = new OneCycleLR(optimizer, options);
  const trace = Array.from({ length: steps }, () => {
    const { lr = Number.NaN, momentum = Number.NaN } = { ...optimizer.paramGroups[0] };
    scheduler.step();
    return [lr, momentum] as const;
  });
  return { lrs: trace.map(([lr]) => lr), momentums: trace.map(([, momentum]) => momentum) };
}

const momentums = { baseMomentum: 1, maxMomentum: 22 };

describe("OneCycleLR", () => {
  // PyTorch's test_onecycle_lr_linear_annealing, _three_phases and _cosine_annealing.
  it.each([
    [
      "in two phases",
      { maxLr: 25, finalDivFactor: 2, totalSteps: 10, annealStrategy: "linear", ...momentums },
      [1, 13, 25, 21.5, 18, 14.5, 11, 7.5, 4, 0.5],
      [22, 11.5, 1, 4, 7, 10, 13, 16, 19, 22],
    ],
    [
      "in three phases",
      {
        maxLr: 25,
        divFactor: 25,
        finalDivFactor: 4,
        totalSteps: 10,
        annealStrategy: "linear",
        pctStart: 0.4,
        threePhase: true,
        ...momentums,
      },
      [1, 9, 17, 25, 17, 9, 1, 0.75, 0.5, 0.25],
      [22, 15, 8, 1, 8, 15, 22, 22, 22, 22],
    ],
    [
      "along a cosine",
      { maxLr: 25, finalDivFactor: 2, totalSteps: 10, ...momentums },
      [1, 13, ...Array.from({ length: 8 }, (_, k) => 0.5 + (24.5 * (1 + Math.cos((Math.PI * k) / 7))) / 2)],
      [22, 11.5, ...Array.from({ length: 8 }, (_, k) => 22 - (21 * (1 + Math.cos((Math.PI * k) / 7))) / 2)],
    ],
  ] as const)("follows PyTorch's own test table %s", (_, options, lrs, expectedMomentums) => {
    const got = cycle(options, 10);
    lrs.forEach((lr, step) => {
      expect(got.lrs[step]).toBeCloseTo(lr, 10);
      expect(got.momentums[step]).toBeCloseTo(expectedMomentums[step] ?? Number.NaN, 10);
      const { baseMomentum: _b, maxMomentum: _m, ...rest } = options;
      expect(oneCycleLR(rest)(step)).toBeCloseTo(lr, 10);
    });
  });

  it("stays at its last rate when it is over, where PyTorch's climbs or goes below 0", () => {
    for (const annealStrategy of ["cos", "linear"] as const) {
      for (const threePhase of [false, true]) {
        const { lrs, momentums } = cycle({ maxLr: 1, totalSteps: 10, annealStrategy, threePhase }, 14);
        const last = 1 / 25 / 1e4;
        expect(lrs.slice(9)).toEqual(Array(5).fill(expect.closeTo(last, 15)));
        expect(momentums.slice(9)).toEqual(Array(5).fill(0.95));
      }
    }
  });

  it("may be told to refuse steps past its end, as PyTorch does", () => {
    const scheduler = new OneCycleLR(plainOptimizer(), { maxLr: 1, totalSteps: 2, strict: true });
    scheduler.step();
    scheduler.step();
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: step must be at most totalSteps, 2, got 3.]`,
    );
    expect(() => oneCycleLR({ maxLr: 1, totalSteps: 2, strict: true })(3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: oneCycleLR: step must be at most totalSteps, 2, got 3.]`,
    );
  });

  it("starts at the top if the rise is over at step 0, where PyTorch divides by 0", () => {
    expect(oneCycleLR({ maxLr: 1, totalSteps: 10, pctStart: 0.1 })(0)).toBe(1);
    expect(new OneCycleLR(plainOptimizer([0.5]), { maxLr: 1, totalSteps: 10, pctStart: 0.1 }).getLastLr()).toEqual([1]);
  });

  it("writes its bounds into the groups, but leaves the first rate of another scheduler alone", () => {
    const optimizer = plainOptimizer([0.5]);
    const steps = new StepLR(optimizer, { stepSize: 1 });
    const cycle = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10 });
    expect(optimizer.paramGroups[0]).toMatchObject({ initialLr: 0.5, maxLr: 1, minLr: 1 / 25 / 1e4 });
    const scheduler = new SequentialLR(optimizer, { schedulers: [steps, cycle], milestones: [2] });
    const rates = [0, 1, 2, 4].map((epoch) => scheduler.lrsAt(epoch)[0]);
    expect(rates).toEqual([0.5, 0.05, expect.closeTo(0.04, 12), 1]);
  });

  // PyTorch's test_onecycle_lr_legacy_state_dict.
  it("loads a state from before the strategy was saved", () => {
    const { _anneal_func_type: _, ...legacy } = new OneCycleLR(plainOptimizer(), {
      maxLr: 1,
      totalSteps: 9,
    }).stateDict();
    const scheduler = new OneCycleLR(plainOptimizer(), { maxLr: 1, totalSteps: 4 });
    scheduler.loadStateDict(legacy);
    expect(scheduler.stateDict()).toEqual({ _anneal_func_type: "cos", ...legacy });
  });

  it("needs the number of steps, and options that are what they must be", () => {
    const make = (options: object) => () => Reflect.construct(OneCycleLR, [plainOptimizer(), { maxLr: 1, ...options }]);
    expect(make({ epochs: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: totalSteps, or epochs * stepsPerEpoch, must be a whole number from 1 up, got 0.]`,
    );
    expect(make({ totalSteps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: totalSteps must be a whole number from 1 up, got 0.]`,
    );
    expect(make({ totalSteps: 9, pctStart: 1.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: pctStart must be a number from 0 to 1, got 1.1.]`,
    );
    expect(make({ totalSteps: 9, annealStrategy: "sine" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: annealStrategy must be one of cos, linear, got sine.]`,
    );
    expect(make({ totalStep: 9 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: OneCycleLR: no option totalStep. Did you mean totalSteps?]`,
    );
  });
});
