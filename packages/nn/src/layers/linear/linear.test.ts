import { manualSeed, ones, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Linear } from "./linear.ts";

testModule("Linear", { make: () => new Linear(3, 2), shape: [4, 3], shown: "Linear(3, 2, { bias: true })" });

describe("Linear", () => {
  it("starts uniform in ±1/√in, weight and bias, as PyTorch's", () => {
    manualSeed(0);
    const { weight, bias } = new Linear(400, 500);
    const bound = 1 / Math.sqrt(400);
    for (const numbers of [weight.dataSync(), bias?.dataSync() ?? []].map((data) => Array.from(data, Number))) {
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // Of n uniform numbers the variance is bound²/3 but for a relative error of √(4/5n), and the mean 0 but for bound/√3n: five of each.
      const mean = numbers.reduce((a, b) => a + b) / numbers.length;
      const variance = numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / numbers.length;
      expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * numbers.length));
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it("draws the same numbers from the same seed, and others next", () => {
    manualSeed(7);
    const [first, second] = [new Linear(3, 2), new Linear(3, 2)];
    manualSeed(7);
    const again = new Linear(3, 2);
    expect(again.weight.arraySync()).toEqual(first.weight.arraySync());
    expect(second.weight.arraySync()).not.toEqual(first.weight.arraySync());
    expect(first.bias?.arraySync()).not.toEqual(second.bias?.arraySync());
  });

  it("takes nothing and gives nothing where a size is 0", () => {
    expect(new Linear(0, 3).forward(zeros([2, 0])).arraySync()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(new Linear(3, 0).forward(ones([2, 3])).shape).toEqual([2, 0]);
  });

  it("says what is wrong with its sizes and its input", () => {
    expect(() => new Linear(2.5, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Linear: inFeatures is 2.5. Give an integer from 0 on.]`,
    );
    expect(() => new Linear(2, -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Linear: outFeatures is -1. Give an integer from 0 on.]`,
    );
    expect(() => new Linear(3, 2).forward(ones([4, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linear: x [4, 5] and weight [2, 3] need equal last sizes. The weight is [out, in].]`,
    );
  });
});
