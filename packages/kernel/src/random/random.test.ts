import { describe, expect, test } from "vitest";
import { arg, type Expr, f32, f64, i32, load, u32 } from "../expr.ts";
import { evaluator } from "../math/evaluate.ts";
import { lowerTranscendentals } from "../math/lower.ts";
import { bernoulliAt } from "./bernoulli.ts";
import { normalAt, normalFloat32 } from "./normal.ts";
import { type FourWords, philox, philoxWords, type TwoWords } from "./philox.ts";
import { randintAt } from "./randint.ts";
import { uniformAt, uniformFloat32, uniformFloat64 } from "./uniform.ts";
import type { RandomSource } from "./words-at.ts";

const ones = 0xffffffff;
const float64Erf = evaluator(lowerTranscendentals({ op: "erf", type: "f64", args: [load(0, "f64")], value: 0 }));

const source: RandomSource = {
  seed: [arg(0, "u32"), arg(1, "u32")],
  stream: [arg(2, "u32"), arg(3, "u32")],
};

/** The values of `expr` at indices 0, 1, ... of stream 0 of seed 2026. */
function draw(expr: Expr, count: number): Float64Array {
  const at = evaluator(lowerTranscendentals(expr));
  return Float64Array.from({ length: count }, (_, i) => at([i], [2026, 0, 0, 0]));
}
const index = load(0, "i32");

const mean = (x: Float64Array): number => x.reduce((sum, v) => sum + v, 0) / x.length;
const moment = (x: Float64Array, order: number): number => mean(x.map((v) => v ** order));

/** Kolmogorov and Smirnov's statistic: √n times the largest distance between the sample's distribution and `cdf`. */
function kolmogorovSmirnov(x: Float64Array, cdf: (x: number) => number): number {
  const sorted = x.toSorted();
  let largest = 0;
  sorted.forEach((v, i) => {
    const p = cdf(v);
    largest = Math.max(largest, p - i / x.length, (i + 1) / x.length - p);
  });
  return largest * Math.sqrt(x.length);
}
// Exceeded with a probability of 1e-5. The draws are fixed, so this is a question of luck once, not at every run.
const KOLMOGOROV_LIMIT = 2.47;

describe("philox", () => {
  // Expected values: kat_vectors of the Random123 distribution 1.14, philox4x32 with 10 rounds.
  const vectors: readonly (readonly [FourWords<number>, TwoWords<number>, FourWords<number>])[] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [ones, ones, ones, ones],
      [ones, ones],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  const loads = [0, 1, 2, 3, 4, 5].map((i) => load(i, "u32")) as [Expr, Expr, Expr, Expr, Expr, Expr];
  const [c0, c1, c2, c3, k0, k1] = loads;
  const words = philox([c0, c1, c2, c3], [k0, k1]).map((word) => evaluator(word));

  test.each(vectors)("gives the published words for counter %j and key %j", (counter, key, expected) => {
    expect(philoxWords(counter, key)).toEqual(expected);
    expect(words.map((word) => word([...counter, ...key]))).toEqual(expected);
  });
});

describe("uniform", () => {
  test("has 24 bits in float32 and 53 in float64, and never reaches 1", () => {
    expect(evaluator(uniformFloat32(u32(ones)))()).toBe(1 - 2 ** -24);
    expect(evaluator(uniformFloat32(u32(256)))()).toBe(2 ** -24);
    expect(evaluator(uniformFloat32(u32(255)))()).toBe(0);
    expect(evaluator(uniformFloat64(u32(ones), u32(ones)))()).toBe(1 - 2 ** -53);
    expect(evaluator(uniformFloat64(u32(0), u32(64)))()).toBe(2 ** -53);
    expect(evaluator(uniformFloat64(u32(32), u32(0)))()).toBe(2 ** -27);
  });

  test("is the first word, at the counter (index, 0, stream) and the key (seed)", () => {
    const at = evaluator(uniformAt(index, source));
    const [word] = philoxWords([7, 0, 3, 4], [1, 2]);
    expect(at([7], [1, 2, 3, 4])).toBe(Math.floor(word / 256) / 2 ** 24);
  });

  test.each(["f32", "f64"] as const)("%s is uniform", (type) => {
    const x = draw(uniformAt(index, source, type), 20_000);
    // Four standard deviations of the mean and of the variance of 20,000 draws.
    expect(Math.abs(mean(x) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / 20_000));
    expect(Math.abs(moment(x, 2) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / 20_000));
    expect(kolmogorovSmirnov(x, (v) => v)).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  test("neighbours, streams and seeds are not correlated", () => {
    const count = 10_000;
    const at = evaluator(uniformAt(index, source));
    const drawn = (i: number, args: readonly number[]): number => at([i], args) - 0.5;
    const others: ((i: number) => number)[] = [
      (i) => drawn(i + 1, [2026, 0, 0, 0]),
      (i) => drawn(i, [2026, 0, 1, 0]),
      (i) => drawn(i, [2027, 0, 0, 0]),
      (i) => drawn(i, [2026, 1, 0, 0]),
      (i) => drawn(i, [2026, 0, 0, 1]),
    ];
    for (const other of others) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += drawn(i, [2026, 0, 0, 0]) * other(i);
      // Each product has the variance 1 / 144: four standard deviations.
      expect(Math.abs(sum / count)).toBeLessThan(4 / 12 / Math.sqrt(count));
    }
  });
});

describe("normal", () => {
  const cdf = (x: number): number => (1 + float64Erf([x / Math.SQRT2])) / 2;

  test.each(["f32", "f64"] as const)("%s is standard normal", (type) => {
    const count = 20_000;
    const x = draw(normalAt(index, source, type), count);
    // Four standard deviations of each moment's mean: their variances are 1, 2, 15 and 96.
    expect(Math.abs(mean(x))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(x, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(x, 3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(x, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    expect(kolmogorovSmirnov(x, cdf)).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  test("float32 is Box and Muller's transform of its words, to 4 ulp", () => {
    const at = evaluator(normalAt(index, source));
    for (let i = 0; i < 2000; i++) {
      const [first, second] = philoxWords([i, 0, 0, 0], [5, 0]);
      const u = Math.fround(Math.fround(Math.floor(first / 2)) + 1) / 2 ** 31;
      const angle = 2 * Math.PI * (Math.floor(second / 256) / 2 ** 24);
      const exact = Math.sqrt(-2 * Math.log(u)) * Math.cos(angle);
      // The logarithm, the root, the cosine and two products, each rounded: 4 ulp of 2^-23.
      expect(Math.abs(at([i], [5, 0, 0, 0]) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 4 * 2 ** -23);
    }
  });

  test("no word gives an infinite number, or one beyond 6.56", () => {
    for (const first of [0, 1, 2, ones - 1, ones]) {
      for (const second of [0, 255, 2 ** 30, 2 ** 31, ones]) {
        const x = evaluator(normalFloat32(u32(first), u32(second)))();
        expect(Math.abs(x)).toBeLessThan(6.56);
      }
    }
    // u is 2^-31.
    expect(evaluator(normalFloat32(u32(0), u32(0)))()).toBeCloseTo(Math.sqrt(62 * Math.LN2), 5);
  });
});

describe("randint", () => {
  test("stays in [low, high) and is uniform", () => {
    const count = 20_000;
    const x = draw(randintAt(index, source, i32(-3), i32(7)), count);
    const counts = Array.from({ length: 10 }, (_, i) => x.filter((v) => v === i - 3).length);
    expect(counts.reduce((a, b) => a + b)).toBe(count);
    const chiSquare = counts.reduce((sum, n) => sum + (n - count / 10) ** 2 / (count / 10), 0);
    // The 1 - 1e-5 quantile of chi-square with 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(39.34);
  });

  test("takes the widest range there is", () => {
    const x = draw(randintAt(index, source, i32(-(2 ** 31)), i32(2 ** 31 - 1)), 20_000);
    expect(Math.abs(mean(x) / 2 ** 31)).toBeLessThan(4 * Math.sqrt(1 / 3 / 20_000));
    expect(kolmogorovSmirnov(x, (v) => v / 2 ** 32 + 0.5)).toBeLessThan(KOLMOGOROV_LIMIT);
  });

  test("is the upper half of the 64-bit word times the range", () => {
    const at = evaluator(randintAt(index, source, i32(100), i32(2_000_000_000)));
    for (let i = 0; i < 500; i++) {
      const [upper, lower] = philoxWords([i, 0, 0, 0], [9, 0]);
      const product = ((BigInt(upper) << 32n) | BigInt(lower)) * 1_999_999_900n;
      expect(at([i], [9, 0, 0, 0])).toBe(100 + Number(product >> 64n));
    }
  });
});

describe("bernoulli", () => {
  test.each([0.1, 0.5, 0.9])("is true with probability %d", (p) => {
    const count = 20_000;
    const limit = 4 * Math.sqrt((p * (1 - p)) / count);
    expect(Math.abs(mean(draw(bernoulliAt(index, source, f32(p)), count)) - p)).toBeLessThan(limit);
    expect(Math.abs(mean(draw(bernoulliAt(index, source, f64(p)), count)) - p)).toBeLessThan(limit);
  });

  test("is never true at 0 and always at 1", () => {
    expect(mean(draw(bernoulliAt(index, source, f32(0)), 1000))).toBe(0);
    expect(mean(draw(bernoulliAt(index, source, f32(1)), 1000))).toBe(1);
  });
});
