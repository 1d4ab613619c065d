import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { MaxPool2d } from "./max-pool2d.ts";

testModule("MaxPool2d", {
  make: () => new MaxPool2d(2),
  shape: [2, 2, 4, 5],
  shown: "MaxPool2d(2, { stride: 2, padding: 0, dilation: 1, ceilMode: false })",
});

testModule("MaxPool2d with options", {
  make: () => new MaxPool2d([3, 2], { stride: [2, 1], padding: 1, dilation: [1, 2], ceilMode: true }),
  shape: [1, 2, 6, 5],
  shown: "MaxPool2d([3, 2], { stride: [2, 1], padding: 1, dilation: [1, 2], ceilMode: true })",
});

describe("MaxPool2d", () => {
  it("says what is wrong with its options and its input", () => {
    expect(() => new MaxPool2d(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool2d: kernelSize is 0. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new MaxPool2d(2, { stride: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool2d: stride is [1, 0]. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new MaxPool2d(2, { padding: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool2d: padding 2 is more than half of the kernel size 2. Such a window could lie outside. Use less.]`,
    );
    expect(() => new MaxPool2d(2, { dilation: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool2d: dilation is -1. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new MaxPool2d(4).forward(ones([1, 1, 3, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool2d: a window of 4 elements does not fit into 3 with padding 0. Use a smaller kernel.]`,
    );
  });
});
