import { manualSeed, ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { summary } from "../../summary/summary.ts";
import { ConvTranspose1d } from "./conv-transpose1d.ts";
import { ConvTranspose2d } from "./conv-transpose2d.ts";
import { ConvTranspose3d } from "./conv-transpose3d.ts";
import { Conv2d } from "./conv2d.ts";

testModule("ConvTranspose1d", {
  make: () => new ConvTranspose1d(2, 3, 3),
  shape: [1, 2, 4],
  shown: "ConvTranspose1d(2, 3, 3)",
});

testModule("ConvTranspose2d", {
  make: () => new ConvTranspose2d(2, 1, 2),
  shape: [1, 2, 2, 3],
  shown: "ConvTranspose2d(2, 1, 2)",
});

testModule("ConvTranspose2d with options", {
  make: () =>
    new ConvTranspose2d(2, 2, [2, 3], {
      stride: [2, 3],
      padding: 1,
      outputPadding: [1, 0],
      dilation: 2,
      groups: 2,
      bias: false,
    }),
  shape: [2, 2, 2],
  shown:
    "ConvTranspose2d(2, 2, [2, 3], { stride: [2, 3], padding: 1, outputPadding: [1, 0], dilation: 2, groups: 2, bias: false })",
});

testModule("ConvTranspose3d", {
  make: () => new ConvTranspose3d(1, 2, 2, { stride: 2 }),
  shape: [1, 1, 2, 1, 2],
  shown: "ConvTranspose3d(1, 2, 2, { stride: 2 })",
});

describe("Transposed convolutions", () => {
  it("start uniform in ±1/√(out / groups · kernel), weight and bias, as PyTorch's", () => {
    manualSeed(0);
    const { weight, bias } = new ConvTranspose2d(400, 24, [3, 2], { groups: 2 });
    expect(weight.shape).toEqual([400, 12, 3, 2]);
    const bound = 1 / Math.sqrt(12 * 3 * 2);
    for (const numbers of [weight.dataSync(), bias?.dataSync() ?? []].map((data) => Array.from(data, Number))) {
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it("make any of the sizes that a convolution with their options takes to their input", () => {
    const options = { stride: 3, padding: 1, dilation: 2 };
    const [down, up] = [new Conv2d(2, 4, 3, options), new ConvTranspose2d(4, 2, 3, options)];
    for (const size of [9, 10, 11]) {
      const x = ones([1, 2, size, 20 - size]);
      expect(up.forward(down.forward(x), { outputSize: x.shape }).shape).toEqual(x.shape);
      expect(up.forward(down.forward(x), { outputSize: x.shape.slice(2) }).shape).toEqual(x.shape);
    }
  });

  it("count each number of their input for each tap", () => {
    expect(summary(new ConvTranspose2d(4, 6, 3, { stride: 2, groups: 2 }), [2, 4, 5, 5]).macs).toBe(2 * 4 * 25 * 3 * 9);
  });

  it("say what is wrong with their options", () => {
    expect(() => new ConvTranspose2d(1, 0, 3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: outChannels is 0. Give an integer from 1 on.]`,
    );
    expect(() => new ConvTranspose2d(1, 1, 3, { padding: "same" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: padding is "same". Give an integer from 0 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new ConvTranspose2d(1, 1, 3, { padding: [1] as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: padding is [1]. Give an integer from 0 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new ConvTranspose2d(1, 1, 3, { outputPadding: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: outputPadding is -1. Give an integer from 0 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new ConvTranspose2d(1, 1, 3, { stride: [2, 1], outputPadding: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: outputPadding is 1, stride [2, 1] and dilation 1. It must be less than one of them.]`,
    );
    expect(() => new ConvTranspose1d(4, 6, 3, { groups: 4 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose1d: groups 4 does not divide 4 channels in and 6 out. It must divide both.]`,
    );
    expect(() => new ConvTranspose3d(1, 1, 3, { paddingMode: "reflect" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose3d: paddingMode is "reflect". Give "zeros"; there is no other here.]`,
    );
  });

  it("say what is wrong with their input", () => {
    const conv = new ConvTranspose2d(2, 2, 3, { stride: 2, padding: 2 });
    expect(() => conv.forward(ones([2, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x has the shape [2, 5]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => conv.forward(ones([5]), { outputSize: [4, 4] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x has the shape [5]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => conv.forward(ones([1, 3, 5, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x [1, 3, 5, 5] has 3 channels, the weight [2, 2, 3, 3] takes 2 in 1 group. The weight is [C, O / groups, kh, kw].]`,
    );
    expect(() => conv.forward(ones([2, 1, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x [2, 1, 5] and padding [2, 2] would give the size [-1, 7]. Use less padding.]`,
    );
    expect(() => conv.forward(ones([2, 5, 5]), { outputSize: [7, 9] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: outputSize is [7, 9]. From x [2, 5, 5] it can make sizes from [7, 7] to [8, 8].]`,
    );
    expect(() => conv.forward(ones([2, 5, 5]), { outputSize: [7] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConvTranspose2d: outputSize is [7]. From x [2, 5, 5] it can make sizes from [7, 7] to [8, 8].]`,
    );
    expect(() => conv.forward(ones([2, 5, 5], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: convTranspose2d: x is float64 and the weight float32. Both must be the same float dtype.]`,
    );
  });
});
