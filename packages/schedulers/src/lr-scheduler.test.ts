import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plainOptimizer } from "../test/scheduler-suite.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerState } from "./lr-scheduler.ts";
import { StepLR } from "./step-lr.ts";

/** A scheduler as a user writes one. */
class Halving extends LRScheduler {
  constructor(optimizer: HasParamGroups, { forget = false } = {}) {
    super(optimizer);
    if (!forget) this.initialStep();
  }
  protected nextLrs(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => (this.isInitial ? lr : lr / 2));
  }
  stateDict(): LRSchedulerState {
    return this.commonState();
  }
  loadStateDict(state: Partial<LRSchedulerState>): void {
    this.loadCommonState(state);
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
    expect([scheduler.lastEpoch, optimizer.paramGroups]).toEqual([1, [{ lr: 0.25, initialLr: 0.5 }]]);
    expect(warn).not.toHaveBeenCalled();
  });

  it("keeps the initialLr of an earlier scheduler", () => {
    const optimizer = plainOptimizer([1]);
    new Halving(optimizer).step();
    expect(new Halving(optimizer).baseLrs).toEqual([1]);
  });

  it("names what is wrong", () => {
    expect(() => Reflect.construct(Halving, [{ lr: 1 }])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Halving: the optimizer needs paramGroups, a list of groups with an lr. Pass an optimizer, or { paramGroups: [{ lr: 0.1 }] }.]`,
    );
    expect(() => Reflect.construct(Halving, [{ paramGroups: [{ lr: "1" }] }])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Halving: paramGroups[0].lr must be a number, got 1.]`,
    );
    const optimizer = plainOptimizer();
    expect(() => new StepLR(optimizer, { stepSize: 1, lastEpoch: -2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: StepLR: lastEpoch must be a whole number of epochs from -1 up, got -2.]`,
    );
    expect(() => new StepLR(optimizer, { stepSize: 1, lastEpoch: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[Error: StepLR: paramGroups[0] has no initialLr, which resuming with lastEpoch 3 needs. Load the optimizer's saved state first, or leave lastEpoch out to start a new run.]`,
    );
    expect(() => new Halving(optimizer, { forget: true }).step()).toThrowErrorMatchingInlineSnapshot(
      `[Error: Halving: not initialised. End its constructor with this.initialStep().]`,
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
          "Halving: scheduler.step() was called before optimizer.step(), which skips the first rate of the schedule. Call optimizer.step() first.",
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
    new Halving(optimizer);
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
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "Halving: optimizer.step was replaced after the scheduler was built, so the order of calls cannot be checked. Make sure that optimizer.step() comes before scheduler.step().",
        ],
      ]
    `);
  });
});

describe("other warnings", () => {
  it("come once for a deprecated epoch and for getLr outside a step", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 2 });
    optimizer.step();
    scheduler.step(4);
    scheduler.step(4);
    expect(scheduler.getLastLr()[0]).toBeCloseTo(0.01, 12);
    scheduler.getLr();
    scheduler.getLr();
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "StepLR: step(epoch) is deprecated. Call step() once for each epoch, or ask the schedule's function for any step.",
        ],
        [
          "StepLR: getLr() is for use inside step(). The rates computed last are in getLastLr().",
        ],
      ]
    `);
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
      `[TypeError: Halving.loadStateDict: _last_lr must be a list of numbers, got [1,"x"].]`,
    );
    expect(scheduler.stateDict()).toEqual(before);
  });
});
