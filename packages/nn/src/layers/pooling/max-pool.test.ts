import { full, ones, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Sequential } from "../containers/sequential.ts";
import { MaxPool1d } from "./max-pool1d.ts";
import { MaxPool2d } from "./max-pool2d.ts";
import { MaxPool3d } from "./max-pool3d.ts";

testModule("MaxPool1d", { make: () => new MaxPool1d(2), shape: [2, 2, 5], shown: "MaxPool1d(2)" });

testModule("MaxPool1d with options", {
  make: () => new MaxPool1d([3], { stride: 2, padding: [1], returnIndices: true }),
  shape: [2, 6],
  shown: "MaxPool1d([3], { stride: 2, padding: [1], returnIndices: true })",
});

testModule("MaxPool2d", { make: () => new MaxPool2d(2), shape: [2, 2, 4, 5], shown: "MaxPool2d(2)" });

testModule("MaxPool2d with options", {
  make: () => new MaxPool2d([3, 2], { stride: [2, 1], padding: 1, dilation: [1, 2], ceilMode: true }),
  shape: [1, 2, 6, 5],
  shown: "MaxPool2d([3, 2], { stride: [2, 1], padding: 1, dilation: [1, 2], ceilMode: true })",
});

testModule("MaxPool3d", { make: () => new MaxPool3d(2), shape: [1, 1, 2, 4, 3], shown: "MaxPool3d(2)" });

testModule("MaxPool3d with options", {
  make: () => new MaxPool3d([1, 2, 2], { stride: 1, returnIndices: true, ceilMode: true }),
  shape: [1, 2, 3, 2],
  shown: "MaxPool3d([1, 2, 2], { stride: 1, returnIndices: true, ceilMode: true })",
});

describe("MaxPool", () => {
  it("gives the positions too when asked, and only then", () => {
    const x = tensor([
      [
        [1, 5, 2, 2],
        [3, 4, 2, 2],
      ],
    ]);
    // The types say which: a pair can be taken apart, a tensor be given to the next layer.
    const [values, indices] = new MaxPool2d(2, { returnIndices: true }).forward(x);
    expect([values.arraySync(), indices.arraySync(), indices.dtype]).toEqual([[[[5, 2]]], [[[1, 2]]], "int32"]);
    const alone: Tensor = new MaxPool2d(2, { returnIndices: false }).forward(x);
    expect(alone.arraySync()).toEqual([[[5, 2]]]);
    expect(new Sequential(new MaxPool2d(2), new MaxPool2d([1, 2])).forward(x).arraySync()).toEqual([[[5]]]);
  });

  it("never chooses the padding, and passes on NaN", () => {
    const pool = new MaxPool1d(3, { stride: 2, padding: 1, returnIndices: true });
    const [values, indices] = pool.forward(full([1, 3], -Infinity));
    expect([values.arraySync(), indices.arraySync()]).toEqual([[[-Infinity, -Infinity]], [[0, 1]]]);
    const [maxima, places] = pool.forward(tensor([[-1, Number.NaN, -2, -3]]));
    expect([maxima.arraySync(), places.arraySync()]).toEqual([[[Number.NaN, Number.NaN]], [[1, 1]]]);
  });

  it("gives the gradient to the first of equals", () => {
    const x = ones([1, 2, 4]);
    x.requiresGrad = true;
    new MaxPool2d(2).forward(x).sum().backward();
    expect(x.grad?.arraySync()).toEqual([
      [
        [1, 0, 1, 0],
        [0, 0, 0, 0],
      ],
    ]);
  });

  it("takes windows of any size", () => {
    const x = ones([1, 2, 40, 30]);
    x.requiresGrad = true;
    const [values, indices] = new MaxPool2d([40, 30], { returnIndices: true }).forward(x);
    values.sum().backward();
    expect([values.flatten().arraySync(), indices.flatten().arraySync()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(x.grad?.select(-1, 0).select(-1, 0).arraySync()).toEqual([[1, 1]]);
    expect(x.grad?.sum().itemSync()).toBe(2);
  });

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
    expect(() => new MaxPool1d(2.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool1d: kernelSize is 2.5. Give an integer from 1 on.]`,
    );
    expect(() => new MaxPool3d(2, { padding: [0, 0] as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxPool3d: padding is [0, 0]. Give an integer from 0 on, or three, [depth, vertical, horizontal].]`,
    );
    expect(() => new MaxPool2d(4).forward(ones([1, 1, 3, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool2d: a window of 4 elements does not fit into 3 with padding 0. Use a smaller kernel.]`,
    );
    expect(() => new MaxPool2d(2).forward(ones([8, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool2d: x has the shape [8, 8]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => new MaxPool1d(2).forward(ones([1, 1, 8, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool1d: x has the shape [1, 1, 8, 8]. It takes [N, C, L] or [C, L].]`,
    );
  });
});
