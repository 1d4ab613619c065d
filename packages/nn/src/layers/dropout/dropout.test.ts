import {
  gradcheck,
  gradgradcheck,
  manualSeed,
  memory,
  ones,
  rand,
  randn,
  type Shape,
  type Tensor,
  tensor,
} from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { functional } from "../../index.ts";
import { AlphaDropout, FeatureAlphaDropout } from "./alpha-dropout.ts";
import { Dropout, Dropout1d, Dropout2d, Dropout3d } from "./dropout.ts";

/** A shape for each, and how many of its dimensions have a mask of their own. */
const family = [
  { Layer: Dropout, shape: [4, 6], free: 2 },
  { Layer: Dropout1d, shape: [4, 6, 3], free: 2 },
  { Layer: Dropout1d, shape: [24, 3], free: 1 },
  { Layer: Dropout2d, shape: [4, 6, 2, 3], free: 2 },
  { Layer: Dropout2d, shape: [4, 6, 3], free: 2 },
  { Layer: Dropout3d, shape: [4, 6, 2, 1, 3], free: 2 },
  { Layer: Dropout3d, shape: [24, 2, 1, 3], free: 1 },
  { Layer: AlphaDropout, shape: [4, 6], free: 2 },
  { Layer: FeatureAlphaDropout, shape: [4, 6], free: 2 },
  { Layer: FeatureAlphaDropout, shape: [4, 6, 2, 3], free: 2 },
] as const;

const cases = family.map(({ Layer, ...rest }) => ({
  name: `${Layer.name} of [${rest.shape.join(", ")}]`,
  Layer,
  ...rest,
}));

for (const { name, Layer, shape } of cases) {
  testModule(name, { make: () => new Layer(0.3), shape, shown: `${Layer.name}(0.3)`, random: true });
}

const numbersOf = (x: Tensor): number[] => Array.from(x.dataSync(), Number);

/** One row for each mask: what has one in common. */
const rowsOf = (x: Tensor, free: number): number[][] => {
  const masks = x.shape.slice(0, free).reduce((a, b) => a * b, 1);
  return x.reshape([masks, -1]).arraySync() as number[][];
};

describe.each(cases)("$name", ({ Layer, shape, free }) => {
  const positive = (): Tensor => rand(shape).add(1);
  const alpha = Layer === AlphaDropout || Layer === FeatureAlphaDropout;

  it("starts from a probability of 1 / 2", () => {
    expect(String(new Layer())).toBe(`${Layer.name}(0.5)`);
  });

  it("drops whole channels, or whatever has a mask of its own, and nothing else", () => {
    manualSeed(1);
    const x = positive();
    const rows = rowsOf(new Layer(0.5).forward(x), free);
    const before = rowsOf(x, free);
    const kinds = rows.map((row, i) => {
      // What is kept grows with what it was; what is dropped is one number, below 0 with alpha.
      const dropped = row.every((each) => (alpha ? each < 0 : each === 0));
      const kept = row.every((each) => each > 0);
      expect(dropped || kept).toBe(true);
      if (!alpha && kept) {
        // p = 1 / 2 doubles, which is exact.
        expect(row).toEqual(before[i]?.map((each) => 2 * each));
      }
      return kept;
    });
    // 24 masks, each of either kind with probability 1 / 2: 2^-23 for all alike.
    expect(new Set(kinds)).toEqual(new Set([true, false]));
  });

  it("is something else each time, and the same again from the same seed", () => {
    const [layer, x] = [new Layer(), positive()];
    const draw = () => layer.forward(x).arraySync();
    manualSeed(3);
    const [first, second] = [draw(), draw()];
    manualSeed(3);
    expect([draw(), draw()]).toEqual([first, second]);
    expect(second).not.toEqual(first);
  });

  it("has the gradients of the numbers it let through, and gradients of them", () => {
    const x = spread(shape, "float64");
    x.requiresGrad = true;
    // Each evaluation draws the same mask; the backward pass must have it too.
    const masked = (x: Tensor) => {
      manualSeed(5);
      return new Layer(0.4).forward(x.mul(x.add(1)));
    };
    expect(gradcheck(masked, [x])).toBe(true);
    expect(gradgradcheck(masked, [x])).toBe(true);
  });

  it("gives x itself where there is nothing to do, and nothing of it where p is 1", () => {
    const x = positive();
    expect(new Layer(0).forward(x)).toBe(x);
    expect(new Layer(0.5).eval().forward(x)).toBe(x);
    expect(new Set(numbersOf(new Layer(1).forward(x)))).toEqual(new Set([0]));
  });

  it("keeps the shape of nothing", () => {
    const empty = [...shape.slice(0, -1), 0];
    expect(new Layer().forward(ones(empty)).shape).toEqual(empty);
  });

  it("says what is wrong with p", () => {
    for (const p of [-0.1, 1.5, Number.NaN]) {
      expect(() => new Layer(p)).toThrow(`${Layer.name}: p is ${p}. Give a number from 0 to 1.`);
    }
  });
});

describe("Dropout", () => {
  it("drops p of the elements and lets the others grow, so that the mean stays", () => {
    manualSeed(0);
    const count = 100_000;
    const numbers = numbersOf(new Dropout(0.3).forward(ones([count])));
    const kept = numbers.filter((x) => x !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    // The number dropped is binomial: five standard deviations.
    expect(Math.abs(count - kept.length - 0.3 * count)).toBeLessThan(5 * Math.sqrt(count * 0.3 * 0.7));
  });

  it("stores no mask", () => {
    const x = ones([1000], { requiresGrad: true });
    const { bytes } = memory();
    const y = new Dropout().forward(x).realize();
    expect(memory().bytes - bytes).toBe(4000);
    y.dispose();
  });

  it("passes infinities and NaN on where it keeps them", () => {
    manualSeed(0);
    const numbers = numbersOf(new Dropout(0.01).forward(tensor([Infinity, -Infinity, Number.NaN])));
    expect(numbers).toEqual([Infinity, -Infinity, Number.NaN]);
  });

  it.each([
    { Layer: Dropout1d, shape: [100, 200, 2] },
    { Layer: Dropout2d, shape: [100, 200, 1, 2] },
    { Layer: Dropout3d, shape: [100, 200, 1, 1, 2] },
    { Layer: FeatureAlphaDropout, shape: [100, 200, 2] },
  ] as const)("of channels drops p of them ($Layer.name)", ({ Layer, shape }) => {
    manualSeed(0);
    const channels = 20_000;
    const dropped = rowsOf(new Layer(0.2).forward(ones(shape)), 2).filter(([first = 0]) => first <= 0).length;
    // Binomial: five standard deviations.
    expect(Math.abs(dropped - 0.2 * channels)).toBeLessThan(5 * Math.sqrt(channels * 0.2 * 0.8));
  });
});

describe("AlphaDropout", () => {
  const alpha = 1.7580993408473766;
  /** Scale, and the number that what is dropped becomes. */
  const formula = (p: number) => {
    const a = 1 / Math.sqrt((alpha ** 2 * p + 1) * (1 - p));
    return { a, shift: a * alpha * p, dropped: a * (alpha * p - alpha) };
  };

  it.each([0.1, 0.3, 0.5, 0.8])("with p = %s keeps mean 0 and variance 1 of normal numbers", (p) => {
    manualSeed(0);
    const count = 200_000;
    const numbers = numbersOf(new AlphaDropout(p).forward(randn([count])));
    const mean = numbers.reduce((a, b) => a + b) / count;
    const square = numbers.reduce((a, b) => a + b * b, 0) / count;
    const { a, shift, dropped } = formula(p);
    const fourth = p * dropped ** 4 + (1 - p) * (shift ** 4 + 6 * shift ** 2 * a ** 2 + 3 * a ** 4);
    // The mean of n numbers of variance 1 is off by 1 / √n, that of their squares by √((their mean fourth power - 1) / n): five of each.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt((fourth - 1) / count));
  });

  it("drops p of the elements to the number SELU tends to, scaled and shifted", () => {
    manualSeed(0);
    const [count, p] = [50_000, 0.3];
    const numbers = numbersOf(new AlphaDropout(p).forward(ones([count])));
    const { a, shift, dropped } = formula(p);
    const levels = [...new Set(numbers)].sort((x, y) => x - y);
    expect(levels.length).toBe(2);
    // A few roundings of float32.
    expect(Math.abs((levels[0] as number) - dropped)).toBeLessThan(1e-6);
    expect(Math.abs((levels[1] as number) - (a + shift))).toBeLessThan(1e-6);
    const low = numbers.filter((x) => x < 0).length;
    // Binomial: five standard deviations.
    expect(Math.abs(low - p * count)).toBeLessThan(5 * Math.sqrt(count * p * (1 - p)));
  });
});

describe("functional dropouts", () => {
  const { alphaDropout, dropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout } = functional;

  it("drop by default, but for the two with alpha, as in PyTorch", () => {
    const changed = (apply: (x: Tensor) => Tensor, shape: Shape) => {
      const x = ones(shape);
      return apply(x) !== x;
    };
    expect(changed((x) => dropout(x), [3])).toBe(true);
    expect(changed((x) => dropout1d(x), [3, 2])).toBe(true);
    expect(changed((x) => dropout2d(x), [3, 2, 2])).toBe(true);
    expect(changed((x) => dropout3d(x), [3, 2, 2, 2])).toBe(true);
    expect(changed((x) => alphaDropout(x), [3])).toBe(false);
    expect(changed((x) => featureAlphaDropout(x), [3, 2])).toBe(false);
    expect(changed((x) => dropout(x, { training: false }), [3])).toBe(false);
  });

  it("say what is wrong with p and the input", () => {
    expect(() => dropout(ones([1]), { p: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: dropout: p is NaN. Give a number from 0 to 1.]`,
    );
    expect(() => alphaDropout(ones([1]), { p: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: alphaDropout: p is 2. Give a number from 0 to 1.]`,
    );
    expect(() => dropout1d(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dropout1d: x has the shape [4]. It takes [N, C, L] or [C, L].]`,
    );
    expect(() => dropout2d(ones([4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dropout2d: x has the shape [4, 4]. It takes [N, C, H, W] or [N, C, L].]`,
    );
    expect(() => dropout3d(ones([4, 4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dropout3d: x has the shape [4, 4, 4]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => dropout(ones([4], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: dropout: x is int32. What is kept would be no whole number: x.to("float32").]`,
    );
    expect(() => featureAlphaDropout(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: featureAlphaDropout: x has the shape [4]. It takes [N, C, ...].]`,
    );
  });
});
