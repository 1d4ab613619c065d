import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { RMSNorm } from "./rms-norm.ts";

testModule("RMSNorm", { make: () => new RMSNorm(3), shape: [2, 2, 3], shown: "RMSNorm(3)" });

testModule("RMSNorm with options", {
  make: () => new RMSNorm([2, 3], { eps: 0.1, elementwiseAffine: false }),
  shape: [2, 2, 3],
  shown: "RMSNorm([2, 3], { eps: 0.1, elementwiseAffine: false })",
});

describe("RMSNorm", () => {
  it("says what is wrong with its options and its input", () => {
    expect(() => new RMSNorm(-1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSNorm: normalizedShape is -1. Give an integer from 1 on.]`,
    );
    expect(() => new RMSNorm(2, { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSNorm: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => new RMSNorm(2).forward(ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: rmsNorm: x has the shape [3], normalizedShape is [2]. Give an x of the shape [..., 2], or its last sizes.]`,
    );
  });
});
