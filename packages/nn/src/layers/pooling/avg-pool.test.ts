import { ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { AvgPool1d } from "./avg-pool1d.ts";
import { AvgPool2d } from "./avg-pool2d.ts";
import { AvgPool3d } from "./avg-pool3d.ts";

testModule("AvgPool1d", { make: () => new AvgPool1d(2), shape: [2, 2, 5], shown: "AvgPool1d(2)" });

testModule("AvgPool1d with options", {
  make: () => new AvgPool1d([3], { stride: [2], padding: 1, ceilMode: true, countIncludePad: false }),
  shape: [2, 6],
  shown: "AvgPool1d([3], { stride: [2], padding: 1, ceilMode: true, countIncludePad: false })",
});

testModule("AvgPool2d", { make: () => new AvgPool2d(2), shape: [2, 2, 4, 5], shown: "AvgPool2d(2)" });

testModule("AvgPool2d with options", {
  make: () => new AvgPool2d([3, 2], { stride: 1, padding: [1, 0], divisorOverride: 2 }),
  shape: [1, 3, 4],
  shown: "AvgPool2d([3, 2], { stride: 1, padding: [1, 0], divisorOverride: 2 })",
});

testModule("AvgPool3d", { make: () => new AvgPool3d(2), shape: [1, 1, 2, 4, 3], shown: "AvgPool3d(2)" });

testModule("AvgPool3d with options", {
  make: () => new AvgPool3d([1, 2, 2], { stride: 1, ceilMode: true, divisorOverride: -1 }),
  shape: [1, 2, 3, 2],
  shown: "AvgPool3d([1, 2, 2], { stride: 1, ceilMode: true, divisorOverride: -1 })",
});

describe("AvgPool", () => {
  it("keeps the mean of a constant wherever the padding does not count", () => {
    const pool = new AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false });
    // Sums of ones and their division are exact.
    expect(pool.forward(ones([1, 4, 6])).arraySync()).toEqual(ones([1, 3, 4]).arraySync());
  });

  it("shares the gradient among the elements of windows of any size", () => {
    const x = ones([1, 3000]);
    x.requiresGrad = true;
    const y = new AvgPool1d(1000).forward(x);
    expect(y.arraySync()).toEqual([[1, 1, 1]]);
    y.mul(tensor([1000, 2000, 3000]))
      .sum()
      .backward();
    const gradient = x.grad?.reshape([3, 1000]);
    // A thousandth of 1000, 2000, 3000, to the rounding of a float32.
    expect(
      gradient
        ?.sub(tensor([[1], [2], [3]]))
        .abs()
        .max()
        .itemSync(),
    ).toBeLessThan(1e-6);
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new AvgPool2d([2, 0])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AvgPool2d: kernelSize is [2, 0]. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new AvgPool2d(3, { padding: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AvgPool2d: padding [1, 2] is more than half of the kernel size 3. Such a window could lie outside. Use less.]`,
    );
    expect(() => new AvgPool2d(2, { divisorOverride: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AvgPool2d: divisorOverride is 0. Give an integer other than 0.]`,
    );
    expect(() => new AvgPool3d(2, { divisorOverride: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AvgPool3d: divisorOverride is 1.5. Give an integer other than 0.]`,
    );
    expect(() => new AvgPool1d(2, { stride: -2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AvgPool1d: stride is -2. Give an integer from 1 on.]`,
    );
    expect(() => new AvgPool2d(3).forward(ones([1, 2, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: avgPool2d: a window of 3 elements does not fit into 2 with padding 0. Use a smaller kernel.]`,
    );
    expect(() => new AvgPool3d(3).forward(ones([5, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: avgPool3d: x has the shape [5, 5]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => new AvgPool1d(2).forward(ones([1, 4], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: avgPool1d: takes floats, not int32. Cast first: x.to("float32").]`,
    );
  });
});
