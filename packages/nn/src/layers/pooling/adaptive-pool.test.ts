import { ones, rand, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { AdaptiveAvgPool1d } from "./adaptive-avg-pool1d.ts";
import { AdaptiveAvgPool2d } from "./adaptive-avg-pool2d.ts";
import { AdaptiveAvgPool3d } from "./adaptive-avg-pool3d.ts";
import { AdaptiveMaxPool1d } from "./adaptive-max-pool1d.ts";
import { AdaptiveMaxPool2d } from "./adaptive-max-pool2d.ts";
import { AdaptiveMaxPool3d } from "./adaptive-max-pool3d.ts";

testModule("AdaptiveAvgPool1d", {
  make: () => new AdaptiveAvgPool1d(3),
  shape: [2, 2, 5],
  shown: "AdaptiveAvgPool1d(3)",
});
testModule("AdaptiveAvgPool2d", {
  make: () => new AdaptiveAvgPool2d([3, null]),
  shape: [2, 5, 3],
  shown: "AdaptiveAvgPool2d([3, null])",
});
testModule("AdaptiveAvgPool3d", {
  make: () => new AdaptiveAvgPool3d([1, 2, 4]),
  shape: [1, 1, 2, 3, 3],
  shown: "AdaptiveAvgPool3d([1, 2, 4])",
});
testModule("AdaptiveMaxPool1d", {
  make: () => new AdaptiveMaxPool1d([3]),
  shape: [2, 2, 5],
  shown: "AdaptiveMaxPool1d([3])",
});
testModule("AdaptiveMaxPool2d", {
  make: () => new AdaptiveMaxPool2d(null, { returnIndices: true }),
  shape: [2, 5, 3],
  shown: "AdaptiveMaxPool2d(null, { returnIndices: true })",
});
testModule("AdaptiveMaxPool2d that does not divide", {
  make: () => new AdaptiveMaxPool2d([3, 2]),
  shape: [1, 1, 5, 5],
  shown: "AdaptiveMaxPool2d([3, 2])",
});
testModule("AdaptiveMaxPool3d", {
  make: () => new AdaptiveMaxPool3d([1, 2, 4]),
  shape: [1, 1, 2, 3, 3],
  shown: "AdaptiveMaxPool3d([1, 2, 4])",
});

describe("Adaptive pooling", () => {
  it("keeps NaN and infinity in the windows that they are in", () => {
    const x = tensor([[1, 2, Infinity, 4, 5]]);
    expect(new AdaptiveAvgPool1d(3).forward(x).arraySync()).toEqual([[1.5, Infinity, 4.5]]);
    expect(new AdaptiveMaxPool1d(3).forward(x).arraySync()).toEqual([[2, Infinity, 5]]);
  });

  it("adds the gradients of windows that overlap, all of a maximum's to the first of equals", () => {
    const gradientOf = (pool: (x: Tensor) => Tensor, numbers: number[]) => {
      const x = tensor([numbers], { requiresGrad: true });
      pool(x).sum().backward();
      return x.grad?.arraySync();
    };
    // Windows of 5 for 3 are [0, 1], [1, 2, 3], [3, 4].
    const max = new AdaptiveMaxPool1d(3);
    expect(gradientOf((x) => max.forward(x), [1, 2, 2, 2, 1])).toEqual([[0, 2, 0, 1, 0]]);
    const mean = new AdaptiveAvgPool1d(3);
    const [gradient] = gradientOf((x) => mean.forward(x), [1, 2, 2, 2, 1]) as number[][];
    // 1/3 + 1/2 is off by a rounding of float32.
    [1 / 2, 5 / 6, 1 / 3, 5 / 6, 1 / 2].forEach((each, i) => {
      expect(gradient?.[i]).toBeCloseTo(each, 6);
    });
  });

  it("finds positions from which the values can be taken", () => {
    const x = rand([3, 7 * 5]);
    const [values, indices] = new AdaptiveMaxPool2d([3, 4], { returnIndices: true }).forward(x.reshape([3, 7, 5]));
    expect(x.gather(1, indices.reshape([3, 12])).arraySync()).toEqual(values.reshape([3, 12]).arraySync());
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new AdaptiveAvgPool2d(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdaptiveAvgPool2d: outputSize is 0. Give an integer from 1 on, or two, [vertical, horizontal]; null leaves a size as it is.]`,
    );
    expect(() => new AdaptiveAvgPool2d([2, -1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdaptiveAvgPool2d: outputSize is [2, -1]. Give an integer from 1 on, or two, [vertical, horizontal]; null leaves a size as it is.]`,
    );
    expect(() => new AdaptiveMaxPool2d([2, 2, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdaptiveMaxPool2d: outputSize is [2, 2, 2]. Give an integer from 1 on, or two, [vertical, horizontal]; null leaves a size as it is.]`,
    );
    expect(() => new AdaptiveMaxPool1d(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdaptiveMaxPool1d: outputSize is 1.5. Give an integer from 1 on; null leaves a size as it is.]`,
    );
    expect(() => new AdaptiveMaxPool3d(undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdaptiveMaxPool3d: outputSize is undefined. Give an integer from 1 on, or three, [depth, vertical, horizontal]; null leaves a size as it is.]`,
    );
    expect(() => new AdaptiveAvgPool2d(1).forward(ones([4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: adaptiveAvgPool2d: x has the shape [4, 4]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => new AdaptiveMaxPool1d(1).forward(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: adaptiveMaxPool1d: x has the shape [4]. It takes [N, C, L] or [C, L].]`,
    );
    expect(() => new AdaptiveMaxPool2d(1).forward(ones([4, 0, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: adaptiveMaxPool2d: x [4, 0, 4] has no elements. Give a larger input.]`,
    );
  });
});
