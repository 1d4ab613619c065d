import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SWALR, type SWALROptions, type SWALRState, swaLR } from "./index.ts";

interface Case {
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly rows: readonly number[][];
}

// Recorded from torch 2.13.0 by reference/generate.py.
const reference = JSON.parse(readFileSync(new URL("../reference/swalr.json", import.meta.url), "utf8")) as {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly cases: readonly (Case & { stateAfter3: SWALRState; swaLr: number[]; resumedAt3: number[][] })[];
  readonly afterMultiplicative: readonly (Case & { factor: number; start: number })[];
};

const optionsOf = ({ swa_lr, anneal_epochs, anneal_strategy }: Case["kwargs"]): SWALROptions =>
  JSON.parse(JSON.stringify({ swaLr: swa_lr, annealEpochs: anneal_epochs, annealStrategy: anneal_strategy }));

const plainOptimizer = () => ({
  paramGroups: [0.05, 0.5].map((lr): { lr: number; initialLr?: number; swaLr?: number } => ({ lr })),
  step() {},
});

const lrsOf = ({ paramGroups }: ReturnType<typeof plainOptimizer>): number[] => paramGroups.map(({ lr }) => lr);

// Both sides compute in float64; undoing the annealing near its end loses a few digits of sixteen.
const closeTo = (row: readonly number[] | undefined): unknown[] => (row ?? []).map((lr) => expect.closeTo(lr, 13));

const warn = vi.spyOn(console, "warn");
beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
afterEach(() => void warn.mockReset());

describe.each(reference.cases)("SWALR $kwargs", ({ kwargs, rows, stateAfter3, swaLr, resumedAt3 }) => {
  it("gives PyTorch's rates, from construction on", () => {
    const optimizer = plainOptimizer();
    const scheduler = new SWALR(optimizer, optionsOf(kwargs));
    for (const row of rows) {
      expect(lrsOf(optimizer)).toEqual(closeTo(row));
      expect(scheduler.getLastLr()).toEqual(lrsOf(optimizer));
      optimizer.step();
      scheduler.step();
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it("has a pure function that agrees at every step", () => {
    const at = [0.05, 0.5].map((lr, i) => swaLR({ ...optionsOf(kwargs), lr, swaLr: swaLr[i] ?? Number.NaN }));
    rows.forEach((row, step) => {
      expect(at.map((schedule) => schedule(step))).toEqual(closeTo(row));
    });
  });

  it("saves PyTorch's state, and goes on from it", () => {
    const optimizer = plainOptimizer();
    const scheduler = new SWALR(optimizer, optionsOf(kwargs));
    for (let k = 0; k < 3; k++) scheduler.step();
    const state = scheduler.stateDict();
    expect(Object.keys(state).sort()).toEqual(Object.keys(stateAfter3).sort());
    expect({ ...state, _last_lr: 0 }).toEqual({ ...stateAfter3, _last_lr: 0 });
    expect(state._last_lr).toEqual(closeTo(stateAfter3._last_lr));
    expect(optimizer.paramGroups.map((group) => group.swaLr)).toEqual(swaLr);

    const other = plainOptimizer();
    const resumed = new SWALR(other, { swaLr: swaLr, annealEpochs: 7 });
    resumed.loadStateDict(stateAfter3);
    other.paramGroups.forEach((group, i) => {
      group.lr = rows[3]?.[i] ?? Number.NaN;
    });
    for (const row of rows.slice(4)) {
      resumed.step();
      expect(lrsOf(other)).toEqual(closeTo(row));
    }
  });

  it("seeks any epoch, and goes on from there", () => {
    for (const epoch of [6, 0, 3]) {
      const optimizer = plainOptimizer();
      const scheduler = new SWALR(optimizer, optionsOf(kwargs));
      scheduler.step();
      scheduler.seek(epoch);
      for (const row of rows.slice(epoch)) {
        expect(lrsOf(optimizer)).toEqual(closeTo(row));
        scheduler.step();
      }
    }
  });

  it("resumes with lastEpoch as PyTorch does: from where the rate is, counting its own steps", () => {
    const optimizer = plainOptimizer();
    optimizer.paramGroups.forEach((group, i) => {
      group.initialLr = group.lr;
      group.lr = rows[3]?.[i] ?? Number.NaN;
    });
    const scheduler = new SWALR(optimizer, { ...optionsOf(kwargs), lastEpoch: 3 });
    for (const row of resumedAt3) {
      expect(lrsOf(optimizer)).toEqual(closeTo(row));
      optimizer.step();
      scheduler.step();
    }
  });
});

describe("SWALR", () => {
  it.each(reference.afterMultiplicative)(
    "takes over from another scheduler, $kwargs",
    ({ kwargs, factor, start, rows }) => {
      const optimizer = plainOptimizer();
      const scheduler = new SWALR(optimizer, optionsOf(kwargs));
      rows.forEach((row, epoch) => {
        expect(lrsOf(optimizer)).toEqual(closeTo(row));
        optimizer.step();
        if (epoch >= start) scheduler.step();
        // MultiplicativeLR.
        else for (const group of optimizer.paramGroups) group.lr *= factor;
      });
    },
  );

  it.each([
    ["cos", [0.1, 0.15857864, 0.3, 0.44142136, 0.5, 0.5]],
    ["linear", [0.1, 0.2, 0.3, 0.4, 0.5, 0.5]],
  ] as const)("anneals up as well as down, %s", (annealStrategy, expected) => {
    const optimizer = { paramGroups: [{ lr: 0.1 }] };
    const scheduler = new SWALR(optimizer, { swaLr: 0.5, annealEpochs: 4, annealStrategy });
    const rates = expected.map(() => {
      const [rate] = scheduler.getLastLr();
      scheduler.step();
      return rate;
    });
    // As many digits as these have.
    expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 8)));
  });

  it("has PyTorch's defaults", () => {
    const { annealEpochs, annealStrategy, lastEpoch } = new SWALR(plainOptimizer(), { swaLr: 0.1 });
    // Its own first step makes the last epoch one more than the option.
    expect({ anneal_epochs: annealEpochs, anneal_strategy: annealStrategy, last_epoch: lastEpoch - 1 }).toEqual(
      reference.defaults,
    );
  });

  it("says what is wrong with an option", () => {
    const make = (options: object) => () => new SWALR(plainOptimizer(), options as SWALROptions);
    expect(make({ swaLr: 1, annealStrategy: "exponential" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: annealStrategy must be one of cos and linear, got exponential.]`,
    );
    expect(make({ swaLr: 1, annealEpochs: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: annealEpochs must be a whole number of epochs from 0 up, got -1.]`,
    );
    expect(make({ swaLr: 1, annealEpochs: 1.7 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: annealEpochs must be a whole number of epochs from 0 up, got 1.7.]`,
    );
    expect(make({ swaLr: [1, 0.1, 0.01] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: swaLr must be a number, or 2, one for each group, got 1,0.1,0.01.]`,
    );
    expect(make({})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: swaLr must be a number, or 2, one for each group, got undefined.]`,
    );
    expect(make({ swaLr: 1, annealingEpochs: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR: no option annealingEpochs. Did you mean annealEpochs?]`,
    );
    expect(() => swaLR({ lr: 1, swaLr: 0, annealEpochs: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: swaLR: annealEpochs must be a whole number of epochs from 0 up, got 0.5.]`,
    );
    const scheduler = new SWALR(plainOptimizer(), { swaLr: 0.1 });
    expect(() => scheduler.loadStateDict({ anneal_epochs: -3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SWALR.loadStateDict: annealEpochs must be a whole number of epochs from 0 up, got -3.]`,
    );
  });
});
