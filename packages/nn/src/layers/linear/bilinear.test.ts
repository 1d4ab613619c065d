import { gradgradcheck, manualSeed, ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { bilinear } from "../../functional/bilinear.ts";
import { Bilinear } from "./bilinear.ts";

testModule("Bilinear", {
  make: () => new Bilinear(2, 3, 2),
  inputs: (dtype) => [spread([4, 2], dtype), spread([4, 3], dtype)],
  shown: "Bilinear(2, 3, 2)",
});
testModule("Bilinear without a bias", {
  make: () => new Bilinear(2, 1, 3, { bias: false }),
  inputs: (dtype) => [spread([2, 2], dtype), spread([2, 1], dtype)],
  shown: "Bilinear(2, 1, 3, { bias: false })",
});

describe("Bilinear", () => {
  it("starts uniform in ±1/√in1, weight and bias, as PyTorch's", () => {
    manualSeed(0);
    const { weight, bias } = new Bilinear(16, 40, 300);
    const bound = 1 / Math.sqrt(16);
    for (const numbers of [weight.dataSync(), bias?.dataSync() ?? []].map((data) => Array.from(data, Number))) {
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it("is linear in each of its inputs", () => {
    const [x1, x2, weight] = [
      tensor([[1, 2]]),
      tensor([[3, -1]]),
      tensor([
        [
          [1, 0],
          [2, -1],
        ],
      ]),
    ];
    const once = bilinear(x1, x2, weight);
    // Exact: small whole numbers.
    expect(once.arraySync()).toEqual([[17]]);
    expect(bilinear(x1.mul(2), x2, weight).arraySync()).toEqual([[34]]);
    expect(bilinear(x1, x2.mul(-1), weight).arraySync()).toEqual([[-17]]);
  });

  it("has gradients of gradients", () => {
    const all = [spread([2, 2], "float64"), spread([2, 3], "float64"), spread([2, 2, 3], "float64")];
    for (const each of all) each.requiresGrad = true;
    expect(gradgradcheck((x1, x2, weight) => bilinear(x1, x2, weight), all)).toBe(true);
  });

  it("gives nothing, or its bias, where a size is 0", () => {
    expect(new Bilinear(2, 3, 0).forward(ones([4, 2]), ones([4, 3])).shape).toEqual([4, 0]);
    const layer = new Bilinear(2, 0, 1);
    expect(layer.forward(ones([1, 2]), ones([1, 0])).arraySync()).toEqual([layer.bias?.arraySync()]);
  });

  it("says what is wrong with its sizes and its inputs", () => {
    expect(() => new Bilinear(0, 1, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Bilinear: in1Features is 0. Give an integer from 1 on.]`,
    );
    expect(() => new Bilinear(1, 1.5, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Bilinear: in2Features is 1.5. Give an integer from 0 on.]`,
    );
    expect(() => new Bilinear(1, 1, -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Bilinear: outFeatures is -1. Give an integer from 0 on.]`,
    );
    const layer = new Bilinear(2, 3, 4);
    expect(() => layer.forward(ones([5, 2]), ones([5, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bilinear: x1 [5, 2], x2 [5, 2] and weight [4, 2, 3] do not fit. They are [..., in1], [..., in2] with the same sizes before, and [out, in1, in2].]`,
    );
    expect(() => layer.forward(ones([5, 2]), ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bilinear: x1 [5, 2], x2 [1, 3] and weight [4, 2, 3] do not fit. They are [..., in1], [..., in2] with the same sizes before, and [out, in1, in2].]`,
    );
  });
});
