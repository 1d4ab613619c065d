import { describe, expect, it } from "vitest";
import { type Line, xRangeOf, yRangeOf } from "./plot-range.ts";
import { ticks } from "./ticks.ts";

const line = (x: number[], y: number[]): Line => ({
  key: "",
  label: "",
  colour: "",
  x: Float64Array.from(x),
  y: Float64Array.from(y),
});
const plain = { log: false, ignoreOutliers: false };

describe("the range of a chart", () => {
  it("reaches from the least to the greatest x of all lines", () => {
    expect(xRangeOf([line([3, 4], [0, 0]), line([-1, 2], [0, 0])])).toEqual([-1, 4]);
    expect(xRangeOf([])).toEqual([0, 1]);
    expect(xRangeOf([line([5], [1])])).toEqual([4.5, 5.5]);
  });

  it("has a twentieth of room above and below", () => {
    expect(yRangeOf([line([0, 1], [0, 20])], [], [0, 1], plain)).toEqual([-1, 21]);
  });

  it("looks only at the x that are shown, and at numbers", () => {
    expect(yRangeOf([line([0, 1, 2, 3], [99, 0, 20, Number.NaN])], [], [1, 3], plain)).toEqual([-1, 21]);
  });

  it("leaves outliers out if it is told to", () => {
    const values = Array.from({ length: 100 }, (_, k) => (k === 50 ? 1e6 : Math.sin(k)));
    const [low, high] = yRangeOf(
      [
        line(
          values.map((_, k) => k),
          values,
        ),
      ],
      [],
      [0, 99],
      { log: false, ignoreOutliers: true },
    );
    expect(low).toBeGreaterThan(-1.5);
    expect(high).toBeLessThan(1.5);
  });

  it("is of powers on a logarithmic axis, where only what is above 0 counts", () => {
    const [low, high] = yRangeOf([line([0, 1, 2], [-5, 1, 100])], [], [0, 2], { log: true, ignoreOutliers: false });
    // A twentieth of two decades on either side; powers of ten in float64, so to 12 digits.
    expect(low).toBeCloseTo(10 ** -0.1, 12);
    expect(high).toBeCloseTo(10 ** 2.1, 10);
  });
});

it("ticks are round numbers within the range", () => {
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-3, 7, 4)).toEqual([0, 5]);
  expect(ticks(0.1, 0.4, 3)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(ticks(2, 2, 5)).toEqual([2]);
});
