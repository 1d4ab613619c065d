import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { LayerNorm } from "./layer-norm.ts";

testModule("LayerNorm", { make: () => new LayerNorm(3), shape: [2, 2, 3], shown: "LayerNorm(3)" });

testModule("LayerNorm over two dimensions", {
  make: () => new LayerNorm([2, 3], { eps: 0.1, bias: false }),
  shape: [2, 2, 3],
  shown: "LayerNorm([2, 3], { eps: 0.1, bias: false })",
});

testModule("LayerNorm without weights", {
  make: () => new LayerNorm([3], { elementwiseAffine: false }),
  shape: [2, 3],
  shown: "LayerNorm([3], { elementwiseAffine: false })",
});

describe("LayerNorm", () => {
  it("starts from ones and zeros", () => {
    const { weight, bias } = new LayerNorm(2);
    expect([weight?.arraySync(), bias?.arraySync()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new LayerNorm(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LayerNorm: normalizedShape is 0. Give an integer from 1 on.]`,
    );
    expect(() => new LayerNorm([])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LayerNorm: normalizedShape is []. Give an integer from 1 on, or a list of them.]`,
    );
    expect(() => new LayerNorm([2, 1.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LayerNorm: normalizedShape is [2, 1.5]. Give an integer from 1 on, or a list of them.]`,
    );
    expect(() => new LayerNorm(2, { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LayerNorm: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => new LayerNorm([2, 3]).forward(ones([3, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: x has the shape [3, 2], normalizedShape is [2, 3]. Give an x of the shape [..., 2, 3], or its last sizes.]`,
    );
  });
});
