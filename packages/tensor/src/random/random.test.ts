import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  bernoulli,
  defaultGenerator,
  Generator,
  manualSeed,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  setDefaultDevice,
  type Tensor,
  tensor,
  zeros,
} from "../index.ts";
import { reference } from "../reference.ts";

const N = 20_000;

const numbers = (x: Tensor): number[] => Array.from(x.dataSync(), Number);
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const variance = (list: readonly number[]): number => {
  const m = mean(list);
  return mean(list.map((x) => (x - m) ** 2));
};

/** The largest distance between the sample's distribution function and `cdf` (Kolmogorov and Smirnov). */
function distance(sample: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, i) => Math.max(Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length))),
  );
}

/** Φ by Simpson's rule from 0. */
function normalCdf(x: number): number {
  const steps = 200;
  const h = x / steps;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += density(i * h) * (i % 2 ? 4 : 2);
  return 0.5 + (sum * h) / 3;
}

// One sample in a thousand of the true distribution is farther off: the seeds are fixed, so this never fails by chance.
const CRITICAL = 1.95 / Math.sqrt(N);

describe("seeds and generators", () => {
  it("give the same numbers again", () => {
    manualSeed(1);
    const first = [rand([5]), randn([5]), randint(0, 100, [5]), randperm(5)].map(numbers);
    manualSeed(1);
    expect([rand([5]), randn([5]), randint(0, 100, [5]), randperm(5)].map(numbers)).toEqual(first);
    manualSeed(2);
    expect(numbers(rand([5]))).not.toEqual(first[0]);
  });

  it("give every draw numbers of its own", () => {
    const generator = new Generator(1);
    expect(numbers(rand([5], { generator }))).not.toEqual(numbers(rand([5], { generator })));
  });

  it("are counted by position: a larger draw begins with the numbers of a smaller one", () => {
    const [small, large] = [5, 500].map((n) => numbers(rand([n], { generator: new Generator(1) })));
    expect(large?.slice(0, 5)).toEqual(small);
  });

  it("keep all their state in two integers", () => {
    const generator = new Generator(2 ** 52 + 3);
    rand([2], { generator });
    const state = generator.getState();
    expect(state).toEqual({ seed: 2 ** 52 + 3, offset: 1 });
    const next = numbers(randn([4], { generator }));
    expect(numbers(randn([4], { generator: new Generator(0).setState(state) }))).toEqual(next);
  });

  it("tell seeds apart that differ above 32 bits", () => {
    const [a, b] = [1, 1 + 2 ** 40].map((seed) => numbers(rand([3], { generator: new Generator(seed) })));
    expect(a).not.toEqual(b);
  });

  it("are one by default, which manualSeed seeds", () => {
    manualSeed(3);
    const before = numbers(rand([3]));
    expect(numbers(rand([3], { generator: new Generator(3) }))).toEqual(before);
    expect(defaultGenerator().getState()).toEqual({ seed: 3, offset: 1 });
  });

  it("reject seeds that are no integers from 0 on", () => {
    expect(() => manualSeed(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: manualSeed: the seed is 1.5. Give an integer from 0 to 2^53 - 1.]`,
    );
    expect(() => new Generator(-1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Generator: the seed is -1. Give an integer from 0 to 2^53 - 1.]`,
    );
  });
});

it("draws the same numbers on the default device and on the reference", () => {
  const draws = (): number[][] => {
    manualSeed(11);
    return [
      rand([1000]),
      rand([7], { dtype: "float64" }),
      randint(-50, 50, [100]),
      bernoulli(0.3, [100]),
      randperm(20),
      zeros([3, 4]).select(1, 2).uniform_(-2, 3),
    ].map(numbers);
  };
  const here = draws();
  const before = setDefaultDevice(reference());
  try {
    expect(draws()).toEqual(here);
  } finally {
    setDefaultDevice(before);
  }
});

it("draws the same normal numbers on the default device and on the reference, to the last bits of a logarithm and a cosine", () => {
  const here = numbers(randn([1000], { generator: new Generator(5) }));
  const there = numbers(randn([1000], { generator: new Generator(5), device: reference() }));
  // A fused multiply-add rounds once where the reference rounds twice: a few ulp of 6.
  expect(Math.max(...here.map((x, i) => Math.abs(x - (there[i] as number))))).toBeLessThan(2e-6);
});

describe("distributions", () => {
  beforeEach(() => {
    manualSeed(0);
  });
  afterEach(() => {
    manualSeed(0);
  });

  it.each(["float32", "float64"] as const)("rand is even on [0, 1) in %s", (dtype) => {
    const sample = numbers(rand([N], { dtype }));
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    expect(distance(sample, (x) => x)).toBeLessThan(CRITICAL);
  });

  it.each(["float32", "float64"] as const)("randn is normal in %s", (dtype) => {
    const sample = numbers(randn([N], { dtype }));
    expect(distance(sample, normalCdf)).toBeLessThan(CRITICAL);
  });

  it("uniform_ and normal_ have the limits and moments asked for", () => {
    const even = numbers(zeros([N]).uniform_(-3, 5));
    expect(distance(even, (x) => (x + 3) / 8)).toBeLessThan(CRITICAL);
    const normal = numbers(zeros([N]).normal_(5, 0.1));
    expect(distance(normal, (x) => normalCdf((x - 5) / 0.1))).toBeLessThan(CRITICAL);
  });

  it("randint gives every integer its share", () => {
    const sample = numbers(randint(-2, 4, [N]));
    const counts = [-2, -1, 0, 1, 2, 3].map((value) => sample.filter((x) => x === value).length);
    expect(counts.reduce((a, b) => a + b)).toBe(N);
    // χ² with 5 degrees of freedom is above 20.5 once in a thousand times.
    expect(counts.reduce((sum, count) => sum + (count - N / 6) ** 2 / (N / 6), 0)).toBeLessThan(20.5);
  });

  it("bernoulli is 1 as often as p says, never at 0 and always at 1", () => {
    const p = tensor([0, 0.25, 1]).unsqueeze(1).expand([3, N]);
    const shares = bernoulli(p).mean(1).dataSync();
    expect(shares[0]).toBe(0);
    // Four standard deviations.
    expect(Math.abs(Number(shares[1]) - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / N));
    expect(shares[2]).toBe(1);
    const mask = bernoulli(0.9, [N], { dtype: "bool" });
    expect(mask.dtype).toBe("bool");
    expect(Math.abs(mean(numbers(mask)) - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / N));
    expect(variance(numbers(zeros([N], { dtype: "int32" }).bernoulli_(0.5)))).toBeCloseTo(0.25, 2);
    expect(numbers(zeros([2, 2]).bernoulli_(tensor([0, 1])))).toEqual([0, 1, 0, 1]);
  });

  it("randperm holds every number once, in an order that is not always the same", () => {
    const orders = Array.from({ length: 600 }, () => numbers(randperm(3)).join(""));
    const counts = ["012", "021", "102", "120", "201", "210"].map((order) => orders.filter((x) => x === order).length);
    expect(counts.reduce((a, b) => a + b)).toBe(600);
    expect(counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(20.5);
    expect(numbers(randperm(0))).toEqual([]);
  });

  it("neighbours are not correlated", () => {
    const sample = numbers(rand([N]));
    const products = sample.slice(1).map((x, i) => (x - 0.5) * ((sample[i] as number) - 0.5));
    // The standard deviation of one product is 1/12.
    expect(Math.abs(mean(products))).toBeLessThan((4 / 12) * Math.sqrt(1 / N));
  });
});

it("forms like a tensor take its shape and dtype", () => {
  const x = zeros([2, 3], { dtype: "float64" });
  expect(
    [randLike(x), randnLike(x), randnLike(x, { dtype: "float32" })].map(({ shape, dtype }) => ({ shape, dtype })),
  ).toEqual([
    { shape: [2, 3], dtype: "float64" },
    { shape: [2, 3], dtype: "float64" },
    { shape: [2, 3], dtype: "float32" },
  ]);
});

it("the numbers of a draw stay the same however often and through whatever views they are read", () => {
  const x = rand([4, 6]);
  const [doubled, plain] = [x.T.mul(2), x.clone()];
  expect(numbers(doubled.T.div(2))).toEqual(numbers(plain));
  expect(numbers(x)).toEqual(numbers(plain));
});

it("says what is wrong with a range, a probability or a dtype", () => {
  expect(() => randint(3, 3, [2])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: randint: there is no int32 from 3 up to, not including, 3. Give two integers, the smaller first.]`,
  );
  expect(() => bernoulli(1.5, [2])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: bernoulli: p is 1.5. Give a probability from 0 to 1.]`,
  );
  expect(() => zeros([2]).normal_(0, -1)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: normal_: std is -1. Give a number from 0 on.]`,
  );
  expect(() => rand([2], { dtype: "int32" })).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: rand: its numbers do not fit into int32. Draw float32, or integers with randint.]`,
  );
  expect(() => zeros([2]).bernoulli_(zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: bernoulli_: [2, 2] does not fit into [2]. In place the shape stays; sizes must be equal or 1.]`,
  );
});
