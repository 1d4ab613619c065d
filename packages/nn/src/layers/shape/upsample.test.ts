import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Upsample } from "./upsample.ts";

testModule("Upsample", {
  make: () => new Upsample({ scaleFactor: 2 }),
  shape: [1, 2, 2, 3],
  shown: "Upsample({ scaleFactor: 2 })",
});
testModule("Upsample with options", {
  make: () => new Upsample({ size: [3, 5], mode: "bilinear", alignCorners: true }),
  shape: [1, 1, 2, 3],
  shown: 'Upsample({ size: [3, 5], mode: "bilinear", alignCorners: true })',
});

describe("Upsample", () => {
  it("keeps a constant in every mode", () => {
    for (const mode of ["nearest", "nearest-exact", "bilinear", "bicubic"] as const) {
      const numbers = new Upsample({ scaleFactor: 1.7, mode }).forward(ones([1, 1, 3, 4])).dataSync();
      // Up to four weights for each dimension, rounded to 6e-8 each.
      for (const each of numbers) expect(Math.abs(Number(each) - 1)).toBeLessThan(1e-6);
    }
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new Upsample({})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: size and scaleFactor are both given or both missing. Give one of them.]`,
    );
    expect(() => new Upsample({ size: 4, scaleFactor: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: size and scaleFactor are both given or both missing. Give one of them.]`,
    );
    expect(() => new Upsample({ size: [4, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: size is [4, 0]. Give an integer from 1 on, or one for each dimension.]`,
    );
    expect(() => new Upsample({ size: 4.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: size is 4.5. Give an integer from 1 on, or one for each dimension.]`,
    );
    expect(() => new Upsample({ scaleFactor: -2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: scaleFactor is -2. Give a number above 0, or one for each dimension.]`,
    );
    expect(() => new Upsample({ scaleFactor: 2, mode: "cubic" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: mode is "cubic". Give "nearest", "nearest-exact", "linear", "bilinear", "trilinear" or "bicubic".]`,
    );
    expect(() => new Upsample({ scaleFactor: 2, alignCorners: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Upsample: alignCorners has no meaning for nearest. Leave it out.]`,
    );
    const bilinear = new Upsample({ scaleFactor: 2, mode: "bilinear" });
    expect(() => bilinear.forward(ones([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: interpolate: x has the shape [1, 2, 3]. It takes [N, C, H, W] in the mode "bilinear".]`,
    );
    expect(() => new Upsample({ size: [4, 4, 4] }).forward(ones([1, 1, 2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: size is [4, 4, 4]. Give an integer from 1 on, or 2 of them.]`,
    );
  });
});
