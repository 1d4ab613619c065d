import { ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { LPPool1d } from "./lp-pool1d.ts";
import { LPPool2d } from "./lp-pool2d.ts";
import { LPPool3d } from "./lp-pool3d.ts";

testModule("LPPool1d", {
  make: () => new LPPool1d(2, [3], { stride: 1 }),
  shape: [2, 5],
  shown: "LPPool1d(2, [3], { stride: 1 })",
});
testModule("LPPool2d", { make: () => new LPPool2d(2, [1, 2]), shape: [1, 2, 3, 4], shown: "LPPool2d(2, [1, 2])" });
testModule("LPPool3d", {
  make: () => new LPPool3d(4, 2, { ceilMode: true }),
  shape: [1, 2, 3, 2],
  shown: "LPPool3d(4, 2, { ceilMode: true })",
});

describe("LPPool", () => {
  it("is a norm: it grows with the input, and lies between the largest and the sum", () => {
    const x = tensor([[3, 4, 0, 12]]);
    expect(new LPPool1d(2, 2).forward(x.mul(2)).arraySync()).toEqual([[10, 24]]);
    expect(new LPPool1d(1, 2).forward(x).arraySync()).toEqual([[7, 12]]);
    expect(new LPPool1d(Infinity, 2).forward(x.neg()).arraySync()).toEqual([[4, 12]]);
  });

  it("has gradient 0 where all is 0", () => {
    const x = tensor([[0, 0]], { requiresGrad: true });
    new LPPool1d(2, 2).forward(x).sum().backward();
    expect(x.grad?.arraySync()).toEqual([[0, 0]]);
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new LPPool2d(0, 2)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LPPool2d: normType is 0. Give a number other than 0; Infinity is one.]`,
    );
    expect(() => new LPPool2d(Number.NaN, 2)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LPPool2d: normType is NaN. Give a number other than 0; Infinity is one.]`,
    );
    expect(() => new LPPool1d(2, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LPPool1d: kernelSize is 0. Give an integer from 1 on.]`,
    );
    expect(() => new LPPool3d(2, 2, { stride: [1, 1] as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LPPool3d: stride is [1, 1]. Give an integer from 1 on, or three, [depth, vertical, horizontal].]`,
    );
    expect(() => new LPPool2d(2, 2).forward(ones([4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: avgPool2d: x has the shape [4, 4]. It takes [N, C, H, W] or [C, H, W].]`,
    );
  });
});
