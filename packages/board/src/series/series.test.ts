import { describe, expect, it } from "vitest";
import { Series } from "./series.ts";
import { smooth } from "./smooth.ts";
import { spread, thin } from "./thin.ts";
import { thinRecords, thinScalars } from "./thin-series.ts";

function scalars(...points: [step: number, value: number][]): Series {
  const series = new Series(1);
  for (const [step, value] of points) series.add(step, 1000 + step, value);
  return series;
}

describe("a series", () => {
  it("keeps what is added, however much it is", () => {
    const series = new Series(1);
    for (let step = 0; step < 1000; step += 1) series.add(step, step / 10, step * 2);
    expect(series.length).toBe(1000);
    expect([series.steps[999], series.wallTimes[999], series.numbers(0)[999]]).toEqual([999, 99.9, 1998]);
  });

  it("goes back with a training that goes back: what is at that step and later is replaced", () => {
    const series = scalars([0, 1], [1, 2], [2, 3], [3, 4]);
    expect(series.add(2, 1010, 30)).toBe(-1);
    expect([...series.steps]).toEqual([0, 1, 2]);
    expect([...series.numbers(0)]).toEqual([1, 2, 30]);
    series.add(2, 1011, 31);
    expect([...series.numbers(0)]).toEqual([1, 2, 31]);
  });

  it("finds the place of a step", () => {
    const series = scalars([0, 1], [10, 2], [20, 3]);
    expect([-5, 0, 5, 10, 20, 21].map((step) => series.indexAt(step))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it("says that it changed, with every change", () => {
    const series = scalars([0, 1]);
    const before = series.revision;
    series.add(1, 1, 1);
    expect(series.revision).toBeGreaterThan(before);
  });

  it("is at least halved by thinning, and keeps its ends, its extremes and its gaps", () => {
    const series = new Series(1);
    for (let step = 0; step < 10_000; step += 1) series.add(step, step, Math.sin(step / 500));
    series.add(10_000, 10_000, 7);
    for (let step = 10_001; step < 20_000; step += 1) series.add(step, step, step === 12_345 ? Number.NaN : 0);
    thinScalars(series);
    expect(series.length).toBeLessThanOrEqual(10_000);
    expect([series.steps[0], series.steps[series.length - 1]]).toEqual([0, 19_999]);
    expect(series.numbers(0)).toContain(7);
    expect(series.steps).toContain(12_345);
    series.add(20_000, 0, 1);
    expect(series.steps[series.length - 1]).toBe(20_000);
  });

  it("of records is halved to every second one and the last", () => {
    const series = new Series(4);
    for (let step = 0; step < 7; step += 1) series.add(step, step, 0, step * 100, 50, 0);
    thinRecords(series);
    expect([...series.steps]).toEqual([0, 2, 4, 6]);
    expect([...series.numbers(1)]).toEqual([0, 200, 400, 600]);
  });
});

describe("thin", () => {
  it("keeps everything where there is room", () => {
    expect([...thin([5, 1, 9], 100)]).toEqual([0, 1, 2]);
  });

  it("keeps every spike of a long series", () => {
    const values = new Float64Array(100_000);
    for (let k = 0; k < 100; k += 1) values[k * 1000 + 337] = k % 2 === 0 ? 1 : -1;
    const kept = thin(values, 200);
    expect(kept.length).toBeLessThan(1000);
    const spikes = [...kept].filter((k) => values[k] !== 0);
    expect(spikes).toHaveLength(100);
  });

  it("ascends, and stays within its range", () => {
    const values = Float64Array.from({ length: 5000 }, (_, k) => Math.sin(k * 12.9898) * 43758.5453);
    const kept = [...thin(values, 50, 100, 4000)];
    expect(kept.every((k, at) => at === 0 || k > (kept[at - 1] ?? 0))).toBe(true);
    expect([kept[0], kept.at(-1)]).toEqual([100, 3999]);
  });

  it("takes values that are all no numbers", () => {
    expect(thin(new Float64Array(1000).fill(Number.NaN), 10).length).toBeGreaterThan(10);
  });
});

it("spread keeps the first, the last, and an even choice between", () => {
  expect([...spread(5, 10)]).toEqual([0, 1, 2, 3, 4]);
  expect([...spread(101, 5)]).toEqual([0, 25, 50, 75, 100]);
  expect([...spread(9, 1)]).toEqual([8]);
});

describe("smooth", () => {
  it("is the debiased exponential average", () => {
    // By hand: (0.5 * 1) / (1 - 0.5); (0.5 * 0.5 + 0.5 * 3) / (1 - 0.25); (0.5 * 1.75 + 0.5 * 5) / (1 - 0.125). All are exact in binary.
    expect([...smooth(Float64Array.of(1, 3, 5), 0.5)]).toEqual([1, 1.75 / 0.75, 3.375 / 0.875]);
  });

  it("leaves a constant, and the values themselves at weight 0, to the bit", () => {
    const constant = new Float64Array(50).fill(0.1);
    expect(smooth(constant, 0.9)).toEqual(constant);
    const values = Float64Array.of(3, 1, 2);
    expect(smooth(values, 0)).toEqual(values);
  });

  it("passes over what is no finite number", () => {
    const smoothed = smooth(Float64Array.of(1, Number.NaN, 3, Infinity), 0.5);
    expect([...smoothed]).toEqual([1, Number.NaN, 1.75 / 0.75, Infinity]);
  });
});
