import { describe, expect, it } from "vitest";
import { bucketsOf, quantilesOf, rebin } from "./buckets.ts";

const histo = (bucketLimit: number[], bucket: number[], min: number, max: number) => ({
  tag: "h",
  histo: { min, max, num: 0, sum: 0, sumSquares: 0, bucketLimit, bucket },
});

describe("buckets", () => {
  it("of the old style lose empty outer ones, and end at the least and the greatest value", () => {
    const found = bucketsOf(histo([0, 1, 2, 3, 1e308], [0, 4, 0, 2, 0], 0.25, 2.5));
    expect(found).toEqual({
      lefts: Float64Array.of(0.25, 2),
      rights: Float64Array.of(1, 2.5),
      counts: Float64Array.of(4, 2),
    });
  });

  it("of one value are one", () => {
    // PARITY §4.5: zeros make limits 0 and 1e-12 with counts 0 and 2.
    expect(bucketsOf(histo([0, 1e-12], [0, 2], 0, 0))).toEqual({
      lefts: Float64Array.of(0),
      rights: Float64Array.of(0),
      counts: Float64Array.of(2),
    });
  });

  it("stay where minimum and maximum are spoilt", () => {
    const found = bucketsOf(histo([1, 2], [0, 3], Number.NaN, Number.NaN));
    expect(found).toEqual({ lefts: Float64Array.of(1), rights: Float64Array.of(2), counts: Float64Array.of(3) });
  });

  it("of a tensor are its rows of left, right and count", () => {
    const tensor = { dtype: 2, tensorShape: { dim: [{ size: 2 }, { size: 3 }] }, doubleVal: [0, 1, 5, 1, 2, 7] };
    expect(bucketsOf({ tag: "h", tensor })).toEqual({
      lefts: Float64Array.of(0, 1),
      rights: Float64Array.of(1, 2),
      counts: Float64Array.of(5, 7),
    });
  });

  it("are none where nothing was counted, or no number is finite", () => {
    expect(bucketsOf(histo([0, 1], [0, 0], 0, 1))).toBeUndefined();
    expect(bucketsOf(histo([Number.NaN, Infinity], [1, Number.NaN], Number.NaN, 1))).toBeUndefined();
    expect(bucketsOf({ tag: "h" })).toBeUndefined();
  });
});

describe("rebin", () => {
  it("spreads a bucket evenly, and loses no count", () => {
    const buckets = { lefts: [0, 4], rights: [4, 10], counts: [8, 6] };
    const rebinned = rebin(buckets, 0, 10, 5);
    // Widths of 2: [0,2) and [2,4) share 8, the rest shares 6. Sums of halves: exact.
    expect([...rebinned]).toEqual([4, 4, 2, 2, 2]);
  });

  it("puts everything into one bin where there is one value", () => {
    expect([...rebin({ lefts: [3], rights: [3], counts: [9] }, 3, 3, 4)]).toEqual([0, 0, 9, 0]);
  });
});

it("quantiles lie evenly within a bucket", () => {
  const buckets = { lefts: [0, 10], rights: [10, 20], counts: [50, 50] };
  expect(quantilesOf(buckets, [0, 0.25, 0.5, 0.75, 1])).toEqual([0, 5, 10, 15, 20]);
});
