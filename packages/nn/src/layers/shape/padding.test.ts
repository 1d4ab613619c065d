import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { CircularPad1d, CircularPad2d, CircularPad3d } from "./circular-pad.ts";
import { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./constant-pad.ts";
import { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./reflection-pad.ts";
import { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./replication-pad.ts";
import { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./zero-pad.ts";

const shapes = { 1: [1, 2, 3], 2: [1, 2, 2, 3], 3: [1, 1, 2, 2, 3] } as const;

for (const [d, classes] of [
  [1, [ZeroPad1d, ReflectionPad1d, ReplicationPad1d, CircularPad1d]],
  [2, [ZeroPad2d, ReflectionPad2d, ReplicationPad2d, CircularPad2d]],
  [3, [ZeroPad3d, ReflectionPad3d, ReplicationPad3d, CircularPad3d]],
] as const) {
  for (const Pad of classes) {
    testModule(Pad.name, { make: () => new Pad(1), shape: shapes[d], shown: `${Pad.name}(1)` });
  }
}
testModule("ConstantPad1d", { make: () => new ConstantPad1d(2, 1.5), shape: [2, 3], shown: "ConstantPad1d(2, 1.5)" });
testModule("ConstantPad2d", {
  make: () => new ConstantPad2d([0, 1, -1, 2], 0),
  shape: [2, 2, 3],
  shown: "ConstantPad2d([0, 1, -1, 2], 0)",
});
testModule("ConstantPad3d", {
  make: () => new ConstantPad3d(1, -2),
  shape: shapes[3],
  shown: "ConstantPad3d(1, -2)",
});

describe("Padding", () => {
  it("says what is wrong with its options", () => {
    expect(() => new ZeroPad2d([1, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ZeroPad2d: padding is [1, 2]. Give an integer, or one for each side: [left, right, top, bottom].]`,
    );
    expect(() => new ZeroPad1d(0.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ZeroPad1d: padding is 0.5. Give an integer, or one for each side: [left, right].]`,
    );
    expect(() => new ReflectionPad1d([1, -1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReflectionPad1d: padding is [1, -1]. Give an integer from 0 on, or one for each side: [left, right].]`,
    );
    expect(() => new ReplicationPad3d(undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ReplicationPad3d: padding is undefined. Give an integer from 0 on, or one for each side: [left, right, top, bottom, front, back].]`,
    );
    expect(() => new ConstantPad2d(1, Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConstantPad2d: value is NaN. Give a number.]`,
    );
    expect(() => new ConstantPad1d(1, undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConstantPad1d: value is undefined. Give a number.]`,
    );
  });

  it("says what is wrong with its input", () => {
    expect(() => new ReflectionPad2d(1).forward(ones([3, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ReflectionPad2d: x has the shape [3, 3]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => new CircularPad1d(1).forward(ones([1, 1, 3, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: CircularPad1d: x has the shape [1, 1, 3, 3]. It takes [N, C, L] or [C, L].]`,
    );
    expect(() => new ZeroPad3d(1).forward(ones([3, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ZeroPad3d: x has the shape [3, 3]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => new ReflectionPad1d(3).forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pad: reflect padding of 3 and 3 around 3 elements. Give 0 to 2.]`,
    );
    expect(() => new CircularPad1d(4).forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pad: circular padding of 4 and 4 around 3 elements. Give 0 to 3.]`,
    );
    expect(() => new ZeroPad1d(-2).forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pad: dim 1 of 3 elements cannot lose 4. Crop less.]`,
    );
  });
});
