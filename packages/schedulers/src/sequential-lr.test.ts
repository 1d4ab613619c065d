import { describe, expect, it, vi } from "vitest";
import { build, type Description } from "../test/build.ts";
import { expectLrs, plainOptimizer, type TestedOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { ChainedScheduler } from "./chained-scheduler.ts";
import { ConstantLR } from "./constant-lr.ts";
import { ExponentialLR } from "./exponential-lr.ts";
import { LinearLR } from "./linear-lr.ts";
import { MultiplicativeLR } from "./multiplicative-lr.ts";
import { ReduceLROnPlateau } from "./reduce-lr-on-plateau.ts";
import type { Scheduler } from "./scheduler.ts";
import { SequentialLR } from "./sequential-lr.ts";
import { StepLR } from "./step-lr.ts";

const constant: Description = ["ConstantLR", {}];

testScheduler("SequentialLR", {
  make: (optimizer, { schedulers, ...rest }: { schedulers: Description[]; milestones: number[] }) =>
    new SequentialLR(optimizer, { schedulers: schedulers.map((child) => build(optimizer, child)), ...rest }),
  minimal: { schedulers: [constant], milestones: [] },
  misspelt: false,
});

/** The first group's rates, by stepping, checked against what `lrsAt` and a jump say. */
function ratesOf(optimizer: TestedOptimizer, scheduler: Scheduler, epochs: number): number[] {
  const rates = Array.from({ length: epochs }, (_, epoch) => {
    const { lr = Number.NaN } = { ...optimizer.paramGroups[0] };
    expectLrs(scheduler.lrsAt(epoch), [lr]);
    expect(scheduler.lastEpoch).toBe(epoch);
    optimizer.step();
    scheduler.step();
    return lr;
  });
  scheduler.seek(epochs - 1);
  expectLrs(scheduler.getLastLr(), rates.slice(-1));
  return rates;
}

describe("SequentialLR", () => {
  // PyTorch's test_sequentiallr1 and 5.
  it("follows PyTorch's own test tables", () => {
    const optimizer = plainOptimizer([0.05]);
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.8 }), new StepLR(optimizer, { stepSize: 4 })];
    const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [3] });
    expectLrs(ratesOf(optimizer, scheduler, 11), [0.05, 0.04, 0.032, ...Array(4).fill(0.05), ...Array(4).fill(0.005)]);

    const other = plainOptimizer([0.05]);
    const warmup = new LinearLR(other, { startFactor: 0.1 });
    const chained = new ChainedScheduler([warmup, new ConstantLR(other, { factor: 0.1 })]);
    const half = new ConstantLR(other, { factor: 0.5 });
    expectLrs(ratesOf(other, new SequentialLR(other, { schedulers: [chained, half], milestones: [5] }), 10), [
      0.0005,
      0.0014,
      0.0023,
      0.0032,
      0.0041,
      ...Array(5).fill(0.025),
    ]);
  });

  it("nests at every place, which PyTorch's does not", () => {
    // Its issues 196243, 132745 and 67957.
    const optimizer = plainOptimizer([1]);
    const tenth = () => new ConstantLR(optimizer, { factor: 0.1, totalIters: 9 });
    const halves = () => new ExponentialLR(optimizer, { gamma: 0.5 });
    const inner = () => new SequentialLR(optimizer, { schedulers: [tenth(), halves()], milestones: [2] });
    const chained = () => new ChainedScheduler([tenth(), halves()]);
    const own = [0.1, 0.1, 1, 0.5];
    const product = [0.1, 0.05, 0.025];
    const cases: [Scheduler[], number[], number[]][] = [
      [[inner(), inner()], [4], [...own, ...own]],
      [[halves(), inner()], [2], [1, 0.5, ...own]],
      [[halves(), chained()], [2], [1, 0.5, ...product]],
      [
        [chained(), inner(), chained()],
        [3, 7],
        [...product, ...own, ...product],
      ],
    ];
    for (const [schedulers, milestones, expected] of cases) {
      expectLrs(ratesOf(optimizer, new SequentialLR(optimizer, { schedulers, milestones }), expected.length), expected);
    }
  });

  it("starts a MultiplicativeLR afresh, which PyTorch's does not", () => {
    const optimizer = plainOptimizer([1]);
    const tenth = new ConstantLR(optimizer, { factor: 0.1, totalIters: 9 });
    const halves = new MultiplicativeLR(optimizer, { lrLambda: () => 0.5 });
    const scheduler = new SequentialLR(optimizer, { schedulers: [tenth, halves], milestones: [2] });
    expectLrs(ratesOf(optimizer, scheduler, 5), [0.1, 0.1, 1, 0.5, 0.25]);
  });

  // PyTorch's test_sequentiallr_no_warnings.
  it("does not warn when the calls are in order", () => {
    const warn = vi.spyOn(console, "warn");
    const optimizer = plainOptimizer([0.05]);
    const schedulers = [new LinearLR(optimizer), new ExponentialLR(optimizer, { gamma: 0.9 })];
    ratesOf(optimizer, new SequentialLR(optimizer, { schedulers, milestones: [5] }), 9);
    expect(warn).not.toHaveBeenCalled();
  });

  it("refuses schedulers it cannot follow", () => {
    const optimizer = plainOptimizer();
    const scheduler = new ConstantLR(optimizer);
    const make = (schedulers: unknown, milestones: unknown) => () =>
      Reflect.construct(SequentialLR, [optimizer, { schedulers, milestones }]);
    expect(make([], [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: schedulers must be a list of at least one.]`,
    );
    expect(make([new ConstantLR(plainOptimizer())], [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: schedulers[0] must be built for the same optimizer, got ConstantLR.]`,
    );
    expect(make([scheduler, new ReduceLROnPlateau(optimizer)], [1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: schedulers[1] must be a scheduler that steps without a metric, got ReduceLROnPlateau.]`,
    );
    expect(make([scheduler, scheduler], [1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: schedulers[1] must be there only once, got ConstantLR.]`,
    );
    expect(make([scheduler], [1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: milestones must be 0 rising steps for 1 schedules, got 1.]`,
    );
    const three = [scheduler, new ConstantLR(optimizer), new ConstantLR(optimizer)];
    expect(make(three, [4, 4])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: milestones must be 2 rising steps for 3 schedules, got 4,4.]`,
    );
    expect(make(three, [4, 2])).toThrow();
    expect(make(undefined, [1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: schedulers must be a list, got undefined.]`,
    );
    expect(() => Reflect.construct(SequentialLR, [optimizer, { scheduler: three }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: no option scheduler. Did you mean schedulers?]`,
    );
  });

  it("leaves everything as it was when one of the saved states does not fit", () => {
    const optimizer = plainOptimizer();
    const schedulers = [new ConstantLR(optimizer), new StepLR(optimizer, { stepSize: 2 })];
    const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [5] });
    const before = scheduler.stateDict();
    const _schedulers = [{ last_epoch: 4 }, { step_size: 0 }];
    expect(() => scheduler.loadStateDict({ last_epoch: 7, _schedulers })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR.loadStateDict: stepSize must be a whole number from 1 up, got 0.]`,
    );
    expect(() => scheduler.loadStateDict({ _schedulers: [{}] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SequentialLR: _schedulers must be a list of 2 states, got [object Object].]`,
    );
    expect(scheduler.stateDict()).toEqual(before);
  });
});
