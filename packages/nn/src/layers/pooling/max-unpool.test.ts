import { ones, rand, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { MaxPool2d } from "./max-pool2d.ts";
import { MaxUnpool1d } from "./max-unpool1d.ts";
import { MaxUnpool2d } from "./max-unpool2d.ts";
import { MaxUnpool3d } from "./max-unpool3d.ts";

const at = (data: number[], shape: number[]) => tensor(Int32Array.from(data), { shape });

testModule("MaxUnpool1d", {
  make: () => new MaxUnpool1d([3], { stride: 2, padding: [1] }),
  inputs: (dtype) => [spread([2, 2], dtype), at([0, 2, 1, 2], [2, 2])],
  shown: "MaxUnpool1d([3], { stride: 2, padding: [1] })",
});
testModule("MaxUnpool2d", {
  make: () => new MaxUnpool2d(2),
  inputs: (dtype) => [spread([1, 1, 1, 2], dtype), at([5, 2], [1, 1, 1, 2]), { outputSize: [3, 4] }],
  shown: "MaxUnpool2d(2)",
});
testModule("MaxUnpool3d", {
  make: () => new MaxUnpool3d([1, 2, 2]),
  inputs: (dtype) => [spread([1, 2, 1, 1], dtype), at([1, 6], [1, 2, 1, 1])],
  shown: "MaxUnpool3d([1, 2, 2])",
});

describe("MaxUnpool", () => {
  it("puts back what was found, and nothing else", () => {
    const x = rand([2, 3, 7, 5]);
    const [values, indices] = new MaxPool2d(2, { returnIndices: true }).forward(x);
    const back = new MaxUnpool2d(2).forward(values, indices, { outputSize: x.shape });
    expect(back.shape).toEqual(x.shape);
    expect(back.ne(0).sum().itemSync()).toBe(values.numel);
    expect(back.eq(x).logicalOr(back.eq(0)).all().itemSync()).toBe(1);
    expect(new MaxPool2d(2).forward(back).arraySync()).toEqual(values.arraySync());
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new MaxUnpool2d(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxUnpool2d: kernelSize is 0. Give an integer from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => new MaxUnpool1d(2, { padding: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MaxUnpool1d: padding is -1. Give an integer from 0 on.]`,
    );
    const unpool = new MaxUnpool2d(2);
    expect(() => unpool.forward(ones([1, 1]), at([0], [1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxUnpool2d: x has the shape [1, 1]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => unpool.forward(ones([1, 1, 2]), at([0], [1, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxUnpool2d: x has the shape [1, 1, 2], the indices [1, 1, 1]. Give one index for each element.]`,
    );
    expect(() => unpool.forward(ones([1, 1, 1]), ones([1, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: maxUnpool2d: the indices are float32. Indices are integers: indices.to("int32").]`,
    );
    expect(() => unpool.forward(ones([1, 1, 1]), at([4], [1, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: maxUnpool2d: index 4 is outside of 4 elements. Indices go from -4 to 3.]`,
    );
    expect(() =>
      unpool.forward(ones([1, 1, 1]), at([0], [1, 1, 1]), { outputSize: [2, 4] }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: maxUnpool2d: outputSize is [2, 4]. From x [1, 1, 1] it can be from [1, 1] to [3, 3].]`,
    );
  });
});
