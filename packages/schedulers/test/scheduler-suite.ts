import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LRScheduler, LRSchedulerState, Schedule } from "../src/index.ts";

export interface ReferenceCase {
  name: string;
  kwargs: Record<string, number>;
  rows: number[][];
  jumps: { epoch: number | null; lr: number[] }[];
  resumed: { last_epoch: number; rows: number[][] }[];
  state_after_3: LRSchedulerState;
}

interface Reference {
  defaults: Record<string, Record<string, number | null>>;
  cases: ReferenceCase[];
}

// Recorded from torch 2.13.0 by reference/generate.py.
const reference = JSON.parse(
  readFileSync(new URL("../reference/schedulers.json", import.meta.url), "utf8"),
) as Reference;

/** PyTorch's defaults of the options of `name`, from its signature. */
export const defaultsOf = (name: string): Record<string, number | null> => reference.defaults[name] ?? {};

export interface TestedOptimizer {
  paramGroups: { lr: number; initialLr?: number }[];
  steps: number;
  step(): void;
}

/** Not an Anneal optimizer: the least that trains. */
export function plainOptimizer(lrs: readonly number[] = [0.05, 0.5]): TestedOptimizer {
  return {
    paramGroups: lrs.map((lr) => ({ lr })),
    steps: 0,
    step() {
      this.steps += 1;
    },
  };
}

const lrsOf = (optimizer: TestedOptimizer): number[] => optimizer.paramGroups.map(({ lr }) => lr);

// Both sides compute in float64 and chain at most 25 roundings; 1e-10 is far above those and far below any wrong formula.
function expectLrs(got: number[], expected: readonly number[] | undefined): void {
  expect(got.length).toBe(expected?.length);
  got.forEach((lr, index) => {
    expect(Math.abs(lr - (expected?.[index] ?? Number.NaN))).toBeLessThan(1e-10);
  });
}

export interface SchedulerUnderTest<S extends LRScheduler> {
  /** Build one from PyTorch's keyword arguments. */
  make(optimizer: TestedOptimizer, kwargs: Record<string, number>, base?: { lastEpoch: number }): S;
  /** The pure function with the same options, where the class has one. */
  schedule?(lr: number, kwargs: Record<string, number>): Schedule;
}

/** What every scheduler must do, over every recorded case of `name`. */
export function testScheduler<S extends LRScheduler>(name: string, { make, schedule }: SchedulerUnderTest<S>): void {
  const cases = reference.cases.filter((each) => each.name === name);
  const warn = vi.spyOn(console, "warn");
  beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
  afterEach(() => void warn.mockReset());

  describe.each(cases)(`${name} $kwargs`, ({ kwargs, rows, jumps, resumed, state_after_3 }) => {
    it("gives PyTorch's rates, from construction on", () => {
      const optimizer = plainOptimizer();
      const scheduler = make(optimizer, kwargs);
      for (const row of rows) {
        expectLrs(lrsOf(optimizer), row);
        expectLrs(scheduler.getLastLr(), row);
        optimizer.step();
        scheduler.step();
      }
      expect(warn).not.toHaveBeenCalled();
    });

    it("jumps to an epoch as PyTorch does", () => {
      const optimizer = plainOptimizer();
      const scheduler = make(optimizer, kwargs);
      for (let k = 1; k < rows.length; k++) scheduler.step();
      for (const { epoch, lr } of jumps) {
        scheduler.step(epoch ?? undefined);
        expectLrs(lrsOf(optimizer), lr);
      }
    });

    it.each(resumed)("resumes with lastEpoch $last_epoch as PyTorch does", ({ last_epoch, rows: expected }) => {
      const optimizer = plainOptimizer();
      optimizer.paramGroups.forEach((group, index) => {
        group.initialLr = group.lr;
        group.lr = rows[last_epoch]?.[index] ?? Number.NaN;
      });
      const scheduler = make(optimizer, kwargs, { lastEpoch: last_epoch });
      for (const row of expected) {
        expectLrs(lrsOf(optimizer), row);
        optimizer.step();
        scheduler.step();
      }
    });

    it("saves PyTorch's state", () => {
      const optimizer = plainOptimizer();
      const scheduler = make(optimizer, kwargs);
      for (let k = 0; k < 3; k++) scheduler.step();
      const state = scheduler.stateDict();
      expect(Object.keys(state).sort()).toEqual(Object.keys(state_after_3).sort());
      expectLrs(state._last_lr, state_after_3._last_lr);
      expect({ ...state, _last_lr: 0 }).toEqual({ ...state_after_3, _last_lr: 0 });
    });

    it("goes on from PyTorch's state", () => {
      const optimizer = plainOptimizer();
      const scheduler = make(optimizer, kwargs);
      scheduler.loadStateDict(state_after_3);
      optimizer.paramGroups.forEach((group, index) => {
        group.lr = rows[3]?.[index] ?? Number.NaN;
      });
      expectLrs(scheduler.getLastLr(), rows[3]);
      for (const row of rows.slice(4)) {
        scheduler.step();
        expectLrs(lrsOf(optimizer), row);
      }
      // _step_count came with the state, so this is not the first step and the order is not in question.
      expect(warn).not.toHaveBeenCalled();
    });

    it("resumes bit for bit from its own state, at any epoch", () => {
      for (let epoch = 0; epoch < 12; epoch++) {
        const optimizer = plainOptimizer();
        const scheduler = make(optimizer, kwargs);
        for (let k = 0; k < epoch; k++) scheduler.step();
        const saved: LRSchedulerState = JSON.parse(JSON.stringify(scheduler.stateDict()));
        const other = plainOptimizer();
        const resumedScheduler = make(other, kwargs);
        resumedScheduler.loadStateDict(saved);
        other.paramGroups.forEach((group, index) => {
          group.lr = optimizer.paramGroups[index]?.lr ?? Number.NaN;
        });
        for (let k = 0; k < 12; k++) {
          scheduler.step();
          resumedScheduler.step();
          expect(lrsOf(other)).toEqual(lrsOf(optimizer));
        }
        expect(resumedScheduler.stateDict()).toEqual(scheduler.stateDict());
      }
    });

    it("never aliases what it gives away or takes in", () => {
      const scheduler = make(plainOptimizer(), kwargs);
      const before = scheduler.stateDict();
      const state = scheduler.stateDict();
      state.base_lrs.fill(9);
      state._last_lr.fill(9);
      scheduler.getLastLr().fill(9);
      expect(scheduler.stateDict()).toEqual(before);
      scheduler.loadStateDict(before);
      before.base_lrs.fill(9);
      expect(scheduler.baseLrs).not.toEqual(before.base_lrs);
    });

    if (schedule) {
      it("has a pure function that agrees at every step, asked in any order", () => {
        for (const [group, lr] of [0.05, 0.5].entries()) {
          const at = schedule(lr, kwargs);
          for (const k of rows.keys()) {
            const step = rows.length - 1 - k;
            expectLrs([at(step)], [rows[step]?.[group] ?? Number.NaN]);
          }
        }
      });
    }
  });

  it(`${name} warns once when it steps before the optimizer`, () => {
    const kwargs = cases[0]?.kwargs ?? {};
    const scheduler = make(plainOptimizer(), kwargs);
    scheduler.step();
    scheduler.step();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain("scheduler.step() was called before optimizer.step()");
  });
}
