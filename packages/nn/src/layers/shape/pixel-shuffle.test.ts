import { ones, randn } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { pixelShuffle, pixelUnshuffle } from "../../functional/pixel-shuffle.ts";
import { PixelShuffle, PixelUnshuffle } from "./pixel-shuffle.ts";

testModule("PixelShuffle", { make: () => new PixelShuffle(2), shape: [1, 4, 2, 1], shown: "PixelShuffle(2)" });
testModule("PixelUnshuffle", { make: () => new PixelUnshuffle(2), shape: [1, 2, 2, 4], shown: "PixelUnshuffle(2)" });

describe("PixelShuffle", () => {
  it("is undone by PixelUnshuffle", () => {
    const x = randn([2, 18, 3, 4]);
    expect(new PixelUnshuffle(3).forward(new PixelShuffle(3).forward(x)).arraySync()).toEqual(x.arraySync());
  });

  it("keeps the shape of nothing", () => {
    expect(pixelShuffle(ones([0, 8, 3, 2]), 2).shape).toEqual([0, 2, 6, 4]);
    expect(pixelUnshuffle(ones([0, 2, 6, 4]), 2).shape).toEqual([0, 8, 3, 2]);
  });

  it("says what is wrong with its factor and its input", () => {
    expect(() => new PixelShuffle(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PixelShuffle: upscaleFactor is 0. Give an integer from 1 on.]`,
    );
    expect(() => new PixelUnshuffle(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PixelUnshuffle: downscaleFactor is 1.5. Give an integer from 1 on.]`,
    );
    expect(() => pixelShuffle(ones([4, 1, 1]), -2)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pixelShuffle: upscaleFactor is -2. Give an integer from 1 on.]`,
    );
    expect(() => new PixelShuffle(2).forward(ones([6, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pixelShuffle: x [6, 1, 1] has 6 channels, which upscaleFactor 2 does not make whole planes of. Give a multiple of 4 channels.]`,
    );
    expect(() => new PixelShuffle(2).forward(ones([4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pixelShuffle: x has the shape [4, 4]. It takes [..., C, H, W].]`,
    );
    expect(() => new PixelUnshuffle(2).forward(ones([1, 3, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pixelUnshuffle: x [1, 3, 2] is not made of blocks of 2 by 2. Give a height and a width that are multiples of downscaleFactor.]`,
    );
  });
});
