import { manualSeed, ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Conv1d } from "./conv1d.ts";
import { Conv2d, type Conv2dOptions } from "./conv2d.ts";
import { Conv3d } from "./conv3d.ts";

testModule("Conv1d", { make: () => new Conv1d(2, 3, 3), shape: [1, 2, 5], shown: "Conv1d(2, 3, 3)" });

testModule("Conv1d with options", {
  make: () => new Conv1d(2, 2, [2], { stride: [2], padding: 1, dilation: 2, groups: 2, paddingMode: "replicate" }),
  shape: [2, 5],
  shown: 'Conv1d(2, 2, [2], { stride: [2], padding: 1, dilation: 2, groups: 2, paddingMode: "replicate" })',
});

testModule("Conv2d", { make: () => new Conv2d(2, 3, 3), shape: [1, 2, 4, 4], shown: "Conv2d(2, 3, 3)" });

testModule("Conv2d with options", {
  make: () =>
    new Conv2d(2, 4, [3, 2], {
      stride: 2,
      padding: [1, 2],
      dilation: 1,
      groups: 2,
      bias: false,
      paddingMode: "reflect",
    }),
  shape: [1, 2, 4, 4],
  shown: 'Conv2d(2, 4, [3, 2], { stride: 2, padding: [1, 2], groups: 2, bias: false, paddingMode: "reflect" })',
});

testModule("Conv3d", { make: () => new Conv3d(1, 2, 2), shape: [1, 1, 2, 3, 2], shown: "Conv3d(1, 2, 2)" });

testModule("Conv3d with options", {
  make: () => new Conv3d(1, 1, [1, 2, 2], { padding: "same", paddingMode: "circular", bias: false }),
  shape: [1, 2, 3, 2],
  shown: 'Conv3d(1, 1, [1, 2, 2], { padding: "same", bias: false, paddingMode: "circular" })',
});

describe("Convolutions", () => {
  it.each([
    { conv: "Conv1d", make: () => new Conv1d(8, 600, 6, { groups: 2 }), shape: [600, 4, 6] },
    { conv: "Conv2d", make: () => new Conv2d(8, 600, [3, 2], { groups: 2 }), shape: [600, 4, 3, 2] },
    { conv: "Conv3d", make: () => new Conv3d(8, 600, [1, 3, 2], { groups: 2 }), shape: [600, 4, 1, 3, 2] },
  ])("$conv starts uniform in ±1/√(in / groups · kernel), weight and bias, as PyTorch's", ({ make, shape }) => {
    manualSeed(0);
    const { weight, bias } = make();
    expect(weight.shape).toEqual(shape);
    const bound = 1 / Math.sqrt(4 * 6);
    for (const numbers of [weight.dataSync(), bias?.dataSync() ?? []].map((data) => Array.from(data, Number))) {
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it('keeps the size with padding "same", also where kernel and dilation are even', () => {
    const options: Conv2dOptions = { padding: "same", dilation: [2, 1] };
    expect(new Conv2d(1, 1, [2, 4], options).forward(ones([1, 1, 5, 6])).shape).toEqual([1, 1, 5, 6]);
    const circular = new Conv2d(1, 1, [2, 4], { ...options, paddingMode: "circular" });
    expect(circular.forward(ones([1, 1, 5, 6])).shape).toEqual([1, 1, 5, 6]);
    expect(new Conv2d(1, 1, 3, { padding: "valid" }).forward(ones([1, 1, 5, 6])).shape).toEqual([1, 1, 3, 4]);
  });

  it("take undefined for what is not given", () => {
    const options = { stride: undefined, bias: undefined } as unknown as Conv2dOptions;
    expect(String(new Conv2d(2, 3, 3, options))).toBe("Conv2d(2, 3, 3)");
    expect(new Conv2d(2, 3, 3, options).bias).not.toBeNull();
  });

  it("say what is wrong with their options", () => {
    expect(() => new Conv2d(0, 1, 3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: inChannels is 0. Give an integer from 1 on.]`,
    );
    expect(() => new Conv2d(1, 1, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: kernelSize is 0. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new Conv2d(1, 1, [3, 3, 3] as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: kernelSize is [3, 3, 3]. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new Conv2d(1, 1, 3, { stride: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: stride is 0. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new Conv2d(1, 1, 3, { padding: [1, -1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: padding is [1, -1]. Give an integer from 0 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new Conv2d(1, 1, 3, { padding: "full" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: padding is "full". Give numbers, "same" or "valid".]`,
    );
    expect(() => new Conv2d(1, 1, 3, { padding: "same", stride: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: padding is "same" and stride 2. Give the padding in numbers, or stride 1.]`,
    );
    expect(() => new Conv2d(1, 1, 3, { dilation: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: dilation is 1.5. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new Conv2d(4, 6, 3, { groups: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: groups 3 does not divide 4 channels in and 6 out. It must divide both.]`,
    );
    expect(() => new Conv2d(1, 1, 3, { paddingMode: "wrap" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv2d: paddingMode is "wrap". Give "zeros", "reflect", "replicate" or "circular".]`,
    );
  });

  it("say what an option for one or three dimensions may be", () => {
    expect(() => new Conv1d(1, 1, [3, 3] as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv1d: kernelSize is [3, 3]. Give an integer from 1 on.]`,
    );
    expect(() => new Conv1d(1, 1, 3, { stride: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv1d: stride is -1. Give an integer from 1 on.]`,
    );
    expect(() => new Conv3d(1, 1, [3, 3] as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv3d: kernelSize is [3, 3]. Give an integer from 1 on, or three, [depth, vertical, horizontal].]`,
    );
    expect(() => new Conv3d(1, 1, 3, { padding: [0, 0.5, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv3d: padding is [0, 0.5, 0]. Give an integer from 0 on, or three, [depth, vertical, horizontal].]`,
    );
    expect(() => new Conv3d(1, 1, "3" as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Conv3d: kernelSize is "3". Give an integer from 1 on, or three, [depth, vertical, horizontal].]`,
    );
  });

  it("say what is wrong with their input", () => {
    const conv = new Conv2d(3, 4, 3);
    expect(() => conv.forward(ones([1, 2, 5, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: x [1, 2, 5, 5] has 2 channels, the weight [4, 3, 3, 3] with groups 1 takes 3 and gives 4. x's channels must be the weight's second size times groups, and its first size a multiple of groups.]`,
    );
    expect(() => conv.forward(ones([3, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: x has the shape [3, 5]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => new Conv1d(3, 4, 3).forward(ones([1, 3, 5, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv1d: x has the shape [1, 3, 5, 5]. It takes [N, C, L] or [C, L].]`,
    );
    const reflecting = new Conv3d(3, 4, 3, { padding: 2, paddingMode: "reflect" });
    expect(() => reflecting.forward(ones([3, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv3d: x has the shape [3, 5]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => reflecting.forward(ones([3, 2, 5, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pad: reflect padding of 2 and 2 around 2 elements. Give 0 to 1.]`,
    );
    expect(() => conv.forward(ones([1, 3, 2, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: the kernel reaches over 3 elements, the padded input has 2. Use a smaller kernel or dilation, or more padding.]`,
    );
    expect(() => conv.forward(ones([1, 3, 5, 5], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: conv2d: x is int32 and the weight float32. Both must be the same float dtype.]`,
    );
  });
});
