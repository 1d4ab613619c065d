import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expectLrs, plainOptimizer, type TestedOptimizer } from "../test/scheduler-suite.ts";
import { ConstantLR } from "./constant-lr.ts";
import { ExponentialLR } from "./exponential-lr.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LinearLR } from "./linear-lr.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { MultiStepLR } from "./multi-step-lr.ts";
import { PolynomialLR } from "./polynomial-lr.ts";
import type { Scheduler } from "./scheduler.ts";
import { StepLR } from "./step-lr.ts";

/** A scheduler as a user writes one. */
class Halving extends LRScheduler {
  constructor(optimizer: HasParamGroups, options: LRSchedulerOptions = {}) {
    super("Halving", optimizer, options, {});
    this.initialStep();
  }
  protected override nextLr(lr: number, epoch: number): number {
    return epoch > 0 ? lr / 2 : lr;
  }
  protected lrAt(base: number, epoch: number): number {
    return base / 2 ** epoch;
  }
}

const warn = vi.spyOn(console, "warn");
beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
afterEach(() => void warn.mockReset());

describe("construction", () => {
  it("works over a plain object without a step", () => {
    const optimizer = { paramGroups: [{ lr: 0.5 }] };
    const scheduler = new Halving(optimizer);
    expect([scheduler.lastEpoch, scheduler.getLastLr()]).toEqual([0, [0.5]]);
    scheduler.step();
    expect([scheduler.lastEpoch, optimizer]).toEqual([1, { paramGroups: [{ lr: 0.25, initialLr: 0.5 }] }]);
    expect(warn).not.toHaveBeenCalled();
  });

  it("keeps the initialLr of an earlier scheduler", () => {
    const optimizer = plainOptimizer([1]);
    new Halving(optimizer).step();
    expect(new Halving(optimizer).baseLrs).toEqual([1]);
  });

  it("names what is wrong", () => {
    expect(() => Reflect.construct(Halving, [{ lr: 1 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: optimizer.paramGroups must be a list, got undefined.]`,
    );
    expect(() => Reflect.construct(Halving, [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: optimizer.paramGroups must be a list, got undefined.]`,
    );
    expect(() => Reflect.construct(Halving, [{ paramGroups: [{ lr: "1" }] }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: paramGroups[0].lr must be a finite number, got 1.]`,
    );
    const optimizer = plainOptimizer();
    expect(() => new Halving(optimizer, { lastEpoch: -2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: lastEpoch must be a number from -1 up, got -2.]`,
    );
    expect(() => new Halving(optimizer, { lastEpoch: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: paramGroups[0].initialLr must be a finite number, got undefined.]`,
    );
    expect(() => Reflect.construct(Halving, [optimizer, { lastepoch: 3 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: no option lastepoch. Did you mean lastEpoch?]`,
    );
    expect(() => new Halving(optimizer).seek(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving: epoch must be a number from 0 up, got NaN.]`,
    );
  });
});

describe("the order of calls", () => {
  it("is checked at the first step only, and only once", () => {
    const optimizer = plainOptimizer();
    const scheduler = new Halving(optimizer);
    scheduler.step();
    scheduler.step();
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "Halving: call optimizer.step() before scheduler.step().",
        ],
      ]
    `);
  });

  it("is right when the optimizer steps first, arguments and result passed on", () => {
    const calls: unknown[][] = [];
    const optimizer = {
      paramGroups: [{ lr: 1 }],
      step(...args: unknown[]): number {
        calls.push([this, ...args]);
        return 7;
      },
    };
    const scheduler = new Halving(optimizer);
    const { step } = optimizer;
    new Halving(optimizer);
    expect(optimizer.step).toBe(step);
    expect(optimizer.step("closure")).toBe(7);
    expect(calls).toEqual([[optimizer, "closure"]]);
    scheduler.step();
    expect(warn).not.toHaveBeenCalled();
  });

  it("does not count a step taken before the scheduler was built, as PyTorch does not", () => {
    const optimizer = plainOptimizer();
    optimizer.step();
    new Halving(optimizer).step();
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it("cannot be checked when step was replaced", () => {
    const optimizer = plainOptimizer();
    const scheduler = new Halving(optimizer);
    optimizer.step = () => {};
    optimizer.step();
    scheduler.step();
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it("can when it was replaced by something that calls it", () => {
    const optimizer = plainOptimizer();
    const { step } = optimizer;
    optimizer.step = () => step.call(optimizer);
    const scheduler = new Halving(optimizer);
    optimizer.step();
    scheduler.step();
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("chaining", () => {
  const make: Record<string, (optimizer: TestedOptimizer) => Scheduler> = {
    ConstantLR: (optimizer) => new ConstantLR(optimizer, { factor: 0.2, totalIters: 4 }),
    ExponentialLR: (optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 }),
    LinearLR: (optimizer) => new LinearLR(optimizer, { startFactor: 0.4, endFactor: 0.8, totalIters: 3 }),
    MultiStepLR: (optimizer) => new MultiStepLR(optimizer, { milestones: [2, 5, 9] }),
    PolynomialLR: (optimizer) => new PolynomialLR(optimizer, { totalIters: 7, power: 0.9 }),
    StepLR: (optimizer) => new StepLR(optimizer, { stepSize: 3 }),
  };

  // PyTorch's test_compound_*. Each is some factor times the rate, so together they are the product of their factors.
  it.each(Object.entries(make))("%s multiplies its effect with that of any other", (_, makeFirst) => {
    for (const makeSecond of Object.values(make)) {
      const optimizer = plainOptimizer([1]);
      const [first, second] = [makeFirst(optimizer), makeSecond(optimizer)];
      for (let epoch = 0; epoch < 12; epoch++) {
        const product = (first.lrsAt(epoch)[0] ?? Number.NaN) * (second.lrsAt(epoch)[0] ?? Number.NaN);
        expectLrs([optimizer.paramGroups[0]?.lr ?? Number.NaN], [product]);
        first.step();
        second.step();
      }
    }
  });

  it("goes on from a rate that was set by hand", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new Halving(optimizer);
    optimizer.paramGroups[0] = { lr: 12 };
    scheduler.step();
    expect(optimizer.paramGroups[0].lr).toBe(6);
  });
});

describe("loadStateDict", () => {
  it("does not touch the optimizer's rate", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new Halving(optimizer);
    scheduler.loadStateDict({ last_epoch: 5, _last_lr: [0.125] });
    expect(optimizer.paramGroups[0]?.lr).toBe(1);
    expect([scheduler.lastEpoch, scheduler.getLastLr(), scheduler.baseLrs]).toEqual([5, [0.125], [1]]);
  });

  it("refuses a value of the wrong kind and leaves everything as it was", () => {
    const scheduler = new Halving(plainOptimizer([1]));
    const before = scheduler.stateDict();
    const broken: LRSchedulerState = JSON.parse('{ "last_epoch": 3, "_last_lr": [1, "x"] }');
    expect(() => scheduler.loadStateDict(broken)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Halving.loadStateDict: _lastLr must be a list of finite numbers, got 1,x.]`,
    );
    expect(scheduler.stateDict()).toEqual(before);
  });
});
