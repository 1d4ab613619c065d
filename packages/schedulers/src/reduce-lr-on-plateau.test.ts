import { describe, expect, it } from "vitest";
import { defaultsOf, optionsOf, reference } from "../test/reference.ts";
import { expectLrs, lrsOf, plainOptimizer } from "../test/scheduler-suite.ts";
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.ts";

describe.each(reference.plateaus)("ReduceLROnPlateau $kwargs", ({ kwargs, metrics, rows, state }) => {
  const make = () => {
    const optimizer = plainOptimizer([1, 0.8]);
    return { optimizer, scheduler: new ReduceLROnPlateau(optimizer, optionsOf(kwargs) as ReduceLROnPlateauOptions) };
  };

  it("gives PyTorch's rates, counts and state, NaN metrics included", () => {
    const { optimizer, scheduler } = make();
    rows.forEach(({ lr, best, bad, cooldown }, epoch) => {
      scheduler.step(metrics[epoch] ?? Number.NaN);
      expectLrs(lrsOf(optimizer), lr);
      expectLrs(scheduler.getLastLr(), lr);
      const { lastEpoch, numBadEpochs, cooldownCounter } = scheduler;
      expect([scheduler.best, numBadEpochs, cooldownCounter, lastEpoch]).toEqual([best, bad, cooldown, epoch + 1]);
    });
    const { _last_lr, ...saved } = JSON.parse(JSON.stringify(scheduler.stateDict()));
    expect({ ...saved, _last_lr: rows.at(-1)?.lr }).toEqual({ ...state, _last_lr: rows.at(-1)?.lr });
    expectLrs(_last_lr, rows.at(-1)?.lr);
  });

  it("goes on from its own state at any epoch, in a scheduler of other options", () => {
    for (let epoch = 0; epoch < metrics.length; epoch++) {
      const [first, second] = [make(), plainOptimizer([1, 0.8])];
      for (const metric of metrics.slice(0, epoch)) first.scheduler.step(metric ?? Number.NaN);
      const resumed = new ReduceLROnPlateau(second, { patience: 99, factor: 0.7 });
      // JSON has no infinity, which the best metric is at first.
      const saved = JSON.parse(JSON.stringify(first.scheduler.stateDict()));
      resumed.loadStateDict(epoch > 0 ? saved : first.scheduler.stateDict());
      second.paramGroups = structuredClone(first.optimizer.paramGroups);
      for (const metric of metrics.slice(epoch)) {
        for (const scheduler of [first.scheduler, resumed]) scheduler.step(metric ?? Number.NaN);
        expect(lrsOf(second)).toEqual(lrsOf(first.optimizer));
      }
      expect(resumed.stateDict()).toEqual(first.scheduler.stateDict());
    }
  });
});

const times = (count: number, value: number): number[] => Array(count).fill(value);
const twenty = (metric: (epoch: number) => number): number[] => Array.from({ length: 20 }, (_, epoch) => metric(epoch));

describe("ReduceLROnPlateau", () => {
  // PyTorch's test_reduce_lr_on_plateau1 to 8: rates after each step.
  it.each([
    [
      { thresholdMode: "abs", threshold: 0.01, patience: 5, cooldown: 5 },
      twenty((i) => 10 - i * 0.0167),
      times(20, 0.5),
    ],
    [
      { thresholdMode: "abs", threshold: 0.1, patience: 5 },
      Array.from({ length: 22 }, (_, i) => 10 - i * 0.0165),
      [...times(6, 0.5), ...times(7, 0.05), ...times(7, 0.005), ...times(2, 0.0005)],
    ],
    [
      { mode: "max", thresholdMode: "abs", patience: 5, cooldown: 5 },
      [...times(2, -0.8), ...times(20, -0.234)],
      [...times(8, 0.5), ...times(11, 0.05), ...times(3, 0.005)],
    ],
    [{ mode: "max", threshold: 0.1, patience: 3 }, twenty((i) => 1.5 * 1.025 ** i), times(20, 0.5)],
    [
      { mode: "max", threshold: 0.1, patience: 5, cooldown: 5 },
      twenty((i) => 1.5 * 1.005 ** i),
      [...times(6, 0.5), ...times(11, 0.05), ...times(3, 0.005)],
    ],
    [{ threshold: 0.1, patience: 5, cooldown: 5 }, twenty((i) => 1.5 * 0.85 ** i), times(20, 0.5)],
    [
      { threshold: 0.1, patience: 5, cooldown: 5 },
      [...times(7, 1), 0.6, ...times(12, 0.5)],
      [...times(6, 0.5), ...times(11, 0.05), ...times(3, 0.005)],
    ],
    [
      { mode: "max", threshold: 0.1, patience: 5, cooldown: 5, minLr: 0.4 },
      twenty((i) => 1.5 * 1.005 ** i),
      [...times(6, 0.5), ...times(14, 0.4)],
    ],
  ] as const)("follows PyTorch's own test table %#", (options, metrics, expected) => {
    const optimizer = plainOptimizer([0.5]);
    const scheduler = new ReduceLROnPlateau(optimizer, options);
    expect(scheduler.getLastLr()).toEqual([0.5]);
    expected.forEach((lr, epoch) => {
      scheduler.step(metrics[epoch] ?? Number.NaN);
      expectLrs(lrsOf(optimizer), [lr]);
    });
  });

  it("has PyTorch's defaults", () => {
    const implied = new ReduceLROnPlateau(plainOptimizer()).stateDict();
    expect(implied).toEqual(new ReduceLROnPlateau(plainOptimizer(), defaultsOf("ReduceLROnPlateau")).stateDict());
  });

  it.each([
    ["min", [-1, -0.99995, -0.9999], -1],
    ["min", [-1, -1.01], -1.01],
    ["max", [-1, -1.00005], -1],
    ["max", [-1, -0.99], -0.99],
    ["min", [0, -1e-9], -1e-9],
  ] as const)(
    "takes a negative metric for progress only if it is better (%s of %o), unlike PyTorch",
    (mode, metrics, best) => {
      // Its issues 47513 and 38622.
      const scheduler = new ReduceLROnPlateau(plainOptimizer(), { mode });
      for (const metric of metrics) scheduler.step(metric);
      expect(scheduler.best).toBe(best);
    },
  );

  it("may skip a metric of NaN, or refuse it", () => {
    const skipping = new ReduceLROnPlateau(plainOptimizer([1]), { patience: 0, nanPolicy: "skip" });
    for (const metric of [1, Number.NaN, Number.NaN]) skipping.step(metric);
    expect([skipping.lastEpoch, skipping.numBadEpochs, skipping.getLastLr()]).toEqual([1, 0, [1]]);
    const refusing = new ReduceLROnPlateau(plainOptimizer([1]), { nanPolicy: "throw" });
    expect(() => refusing.step(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: metric must be a number, got NaN.]`,
    );
    expect(refusing.lastEpoch).toBe(0);
    expect(() => Reflect.apply(refusing.step, refusing, [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: metric must be a number, got undefined.]`,
    );
  });

  // PyTorch's test_add_param_group_does_not_break_reduce_lr_on_plateau and _errors_.
  it("serves a group that was added later, unless the lowest rates were a list", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new ReduceLROnPlateau(optimizer, { patience: 0, minLr: 0.15 });
    const listed = new ReduceLROnPlateau(optimizer, { patience: 0, minLr: [0.15] });
    optimizer.paramGroups.push({ lr: 2 });
    for (const metric of [1, 1]) scheduler.step(metric);
    expect(lrsOf(optimizer)).toEqual([0.15, 0.2]);
    listed.step(1);
    expect(() => listed.step(1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: minLrs must be a list of 2, one for each group, got 0.15.]`,
    );
  });

  it("cannot seek, and says why", () => {
    const scheduler = new ReduceLROnPlateau(plainOptimizer());
    expect(() => scheduler.seek(3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: cannot seek, its rates follow from metrics. Load a saved state instead.]`,
    );
  });

  it("refuses options that are not what they must be", () => {
    const make = (options: object) => () => Reflect.construct(ReduceLROnPlateau, [plainOptimizer(), options]);
    expect(make({ factor: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: factor must be a number below 1, got 1.]`,
    );
    expect(make({ mode: "mean" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: mode must be one of min, max, got mean.]`,
    );
    expect(make({ thresholdMode: "relative" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: thresholdMode must be one of rel, abs, got relative.]`,
    );
    expect(make({ minLr: [0.1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: minLr must be a list of 2, one for each group, got 0.1.]`,
    );
    expect(make({ patients: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: no option patients. Did you mean patience?]`,
    );
    expect(() => Reflect.construct(ReduceLROnPlateau, [{}])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReduceLROnPlateau: optimizer.paramGroups must be a list, got undefined.]`,
    );
  });
});
