import { describe, expect, it } from "vitest";
import { AveragedModel, type EmaOptions, getEmaAvgFn, getEmaMultiAvgFn } from "../index.ts";

/** The averages of a model of one number that has these values, one after the other. */
function averagesOf(values: readonly number[], decay: number, options: EmaOptions): number[] {
  const w = new Float64Array(1);
  const averaged = new AveragedModel(
    { namedParameters: () => [["w", w] as const] },
    { multiAvgFn: getEmaMultiAvgFn(decay, options) },
  );
  return values.map((value) => {
    w[0] = value;
    averaged.updateParameters();
    return [...averaged.namedParameters()][0]?.[1][0] ?? Number.NaN;
  });
}

const values = [3, -1, 4, 1, -5, 9, 2, 6];

/** By the definition: weights that sum up to 1. */
const weightedMean = (weights: readonly number[]): number => {
  const sum = weights.reduce((a, b) => a + b);
  return weights.reduce((total, weight, i) => total + (weight / sum) * (values[i] ?? Number.NaN), 0);
};

// Everything is in float64 and takes eight steps at most.
const closeTo = (expected: readonly number[]): unknown[] => expected.map((each) => expect.closeTo(each, 13));

describe("getEmaMultiAvgFn", () => {
  it("weighs a model by decay to its age with bias correction, the first one too", () => {
    const expected = values.map((_, k) => weightedMean(values.slice(0, k + 1).map((_, i) => 0.9 ** (k - i))));
    expect(averagesOf(values, 0.9, { biasCorrection: true })).toEqual(closeTo(expected));
  });

  it("is the plain mean with bias correction and a decay of 1", () => {
    const expected = values.map((_, k) => weightedMean(values.slice(0, k + 1).map(() => 1)));
    expect(averagesOf(values, 1, { biasCorrection: true })).toEqual(closeTo(expected));
  });

  it("begins with TensorFlow's smaller decays with warmup, up to its own", () => {
    const decays = values.map((_, n) => Math.min(0.35, (1 + n) / (10 + n)));
    expect(decays.slice(1).map((decay) => decay.toFixed(3))).toEqual([
      "0.182",
      "0.250",
      "0.308",
      "0.350",
      "0.350",
      "0.350",
      "0.350",
    ]);
    const expected = [values[0] ?? 0];
    for (const [n, decay] of decays.entries()) {
      if (n > 0) expected.push(decay * (expected[n - 1] ?? 0) + (1 - decay) * (values[n] ?? 0));
    }
    expect(averagesOf(values, 0.35, { warmup: true })).toEqual(closeTo(expected));
    expect(averagesOf(values, 0.35, { warmup: (n) => (1 + n) / (10 + n) })).toEqual(closeTo(expected));
  });

  it("corrects the bias of a decay that changes", () => {
    const decays = values.map((_, n) => Math.min(0.35, (1 + n) / (10 + n)));
    const expected = values.map((_, k) =>
      weightedMean(
        values
          .slice(0, k + 1)
          .map((_, i) => (1 - (decays[i] ?? 0)) * decays.slice(i + 1, k + 1).reduce((a, b) => a * b, 1)),
      ),
    );
    expect(averagesOf(values, 0.35, { warmup: true, biasCorrection: true })).toEqual(closeTo(expected));
  });

  it("goes on at any number of models: nothing is remembered in the function", () => {
    const [one, other] = [1, 2].map(() => getEmaAvgFn(0.9, { biasCorrection: true }));
    const at = (avgFn: typeof one, n: number) => avgFn?.(Float64Array.of(0), Float64Array.of(1), n);
    const inTurn = [1, 2, 3, 4, 5].map((n) => at(one, n));
    expect([5, 1, 4, 4, 2, 3].map((n) => at(other, n))).toEqual([5, 1, 4, 4, 2, 3].map((n) => inTurn[n - 1]));
  });

  it("keeps the old average at a decay of 1, and the model at 0", () => {
    expect(averagesOf(values, 1, {})).toEqual(values.map(() => 3));
    expect(averagesOf(values, 0, {})).toEqual(values);
  });

  it("says what is wrong with an option", () => {
    expect(() => getEmaMultiAvgFn(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getEmaMultiAvgFn: decay must be a number from 0 to 1, got 1.5.]`,
    );
    expect(() => getEmaAvgFn(Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getEmaAvgFn: decay must be a number from 0 to 1, got NaN.]`,
    );
    expect(() => getEmaAvgFn(0.9, { warmup: 100 as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getEmaAvgFn: warmup must be true, false or a function, got 100.]`,
    );
    expect(() => getEmaAvgFn(0.9, { warmUp: true } as EmaOptions)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getEmaAvgFn: no option warmUp. Did you mean warmup?]`,
    );
  });
});
