import { empty, Generator, manualSeed, memory, resetPeakMemory } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { expectDistribution, normalCdf, sortedNumbers } from "../../test/distributions.ts";
import { init } from "../index.ts";

describe("truncNormal_", () => {
  it.each([
    ["most of the normal distribution", {}],
    ["nearly all of it, far from 0", { mean: 100, std: 0.02, a: -2, b: 200 }],
    ["one side", { a: 0, b: Infinity }],
    ["a narrow interval around the mean", { mean: 1, std: 3, a: 0.5, b: 2 }],
    ["a tail above", { a: 4, b: Infinity }],
    ["a piece of a tail below", { mean: 2, std: 0.5, a: 0, b: 0.5 }],
    ["a piece of a tail that is nearly flat", { a: 3, b: 3.01 }],
  ])("draws from %s", (_, options) => {
    manualSeed(8);
    const { mean = 0, std = 1, a = -2, b = 2 } = options as init.TruncNormalOptions;
    const x = init.truncNormal_(empty([20_000]), options);
    const numbers = sortedNumbers(x);
    expect(numbers[0]).toBeGreaterThanOrEqual(Math.fround(a));
    expect(numbers.at(-1)).toBeLessThanOrEqual(Math.fround(b));
    // Tails are measured from their own side, where the probabilities have all their digits.
    const side = a > mean ? -1 : 1;
    const below = (value: number): number => normalCdf((side * (value - mean)) / std);
    const [start, end] = [below(a), below(b)];
    expectDistribution(x, (value) => (below(value) - start) / (end - start));
  });

  it("gives one number where only one is allowed", () => {
    expect(init.truncNormal_(empty([3]), { a: 1, b: 1 }).arraySync()).toEqual([1, 1, 1]);
    expect(init.truncNormal_(empty([2]), { a: 6, b: 6 }).arraySync()).toEqual([6, 6]);
    expect(init.truncNormal_(empty([0])).shape).toEqual([0]);
  });

  it("holds no more than a few tensors of the size at a time", () => {
    const x = empty([1000]);
    resetPeakMemory();
    const { bytes } = memory();
    // A third is kept each time, so that it takes some twenty rounds.
    init.truncNormal_(x, { a: 0, b: 1 });
    expect(memory().peakBytes - bytes).toBeLessThan(10 * 4000);
  });

  it("says what is wrong with its options", () => {
    expect(() => init.truncNormal_(empty([2]), { std: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: truncNormal_: std is 0. Give a number above 0.]`,
    );
    expect(() => init.truncNormal_(empty([2]), { a: 1, b: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: truncNormal_: nothing lies from 1 to 0. Give a below b.]`,
    );
  });
});

describe("On a device that cannot be read at once", () => {
  const remote = Object.assign(reference(), { readSync: undefined });

  it.each([
    ["truncNormal_", init.truncNormal_],
    ["orthogonal_", init.orthogonal_],
    ["kaimingNormal_", init.kaimingNormal_],
    ["sparse_", (x, options) => init.sparse_(x, 0.5, options)],
    ["dirac_", (x) => init.dirac_(x.view([3, 2, 2])).view([3, 4])],
    ["eye_", init.eye_],
  ] satisfies [string, (x: ReturnType<typeof empty>, options: { generator: Generator }) => unknown][])(
    "%s gives the same numbers",
    async (_, fill) => {
      const [there, here] = [empty([3, 4], { device: remote }), empty([3, 4])];
      for (const each of [there, here]) fill(each, { generator: new Generator(9) });
      const [far, near] = [await there.data(), await here.data()];
      // Devices agree to a few roundings.
      for (const [i, each] of far.entries()) expect(each).toBeCloseTo(Number(near[i]), 5);
    },
  );
});
