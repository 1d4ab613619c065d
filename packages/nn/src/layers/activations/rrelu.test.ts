import { full, manualSeed, ones, randn, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { rrelu } from "../../functional/rrelu.ts";
import { RReLU } from "./rrelu.ts";

testModule("RReLU", { make: () => new RReLU(), shape: [3, 4], shown: "RReLU()", random: true });
testModule("RReLU with options", {
  make: () => new RReLU({ lower: -1, upper: 2 }),
  shape: [3, 4],
  shown: "RReLU({ lower: -1, upper: 2 })",
  random: true,
});

describe("RReLU", () => {
  it("draws slopes evenly from lower to upper in training", () => {
    manualSeed(0);
    const count = 100_000;
    const y = new RReLU({ lower: 0.2, upper: 0.6 }).forward(full([count], -1));
    const slopes = Array.from(y.neg().dataSync(), Number);
    // float32 holds the bounds to 1e-8.
    expect(slopes.every((slope) => slope > 0.2 - 1e-7 && slope < 0.6 + 1e-7)).toBe(true);
    // Of n uniform numbers of width w the mean is off by w / √(12 n), the variance w² / 12 by a relative √(4 / 5n): five of each.
    const mean = slopes.reduce((a, b) => a + b) / count;
    const variance = slopes.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
    expect(Math.abs(mean - 0.4)).toBeLessThan((5 * 0.4) / Math.sqrt(12 * count));
    expect(Math.abs(variance / (0.4 ** 2 / 12) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / count));
  });

  it("leaves what is above 0 alone", () => {
    expect(new RReLU().forward(tensor([1, 1000, Infinity])).arraySync()).toEqual([1, 1000, Infinity]);
  });

  it("has the slopes it drew as gradient, and draws others next", () => {
    const x = full([64], -2, { requiresGrad: true });
    const layer = new RReLU();
    const y = layer.forward(x);
    y.sum().backward();
    // Exact: a product with 2 is not rounded.
    expect(x.grad?.mul(-2).arraySync()).toEqual(y.arraySync());
    expect(layer.forward(x).arraySync()).not.toEqual(y.arraySync());
  });

  it("draws the same slopes from the same seed", () => {
    const x = randn([32]);
    const draw = () => {
      manualSeed(3);
      return new RReLU().forward(x).arraySync();
    };
    expect(draw()).toEqual(draw());
  });

  it("says what is wrong with its slopes", () => {
    expect(() => rrelu(ones([2]), { lower: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: rrelu: lower is 0.5 and upper 0.3333333333333333. Give two numbers, the smaller one as lower.]`,
    );
    expect(() => new RReLU({ lower: -Infinity })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RReLU: lower is -Infinity and upper 0.3333333333333333. Give two numbers, the smaller one as lower.]`,
    );
    expect(() => new RReLU({ upper: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RReLU: upper is NaN. Give a number.]`,
    );
  });
});
