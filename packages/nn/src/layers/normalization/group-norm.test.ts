import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { GroupNorm } from "./group-norm.ts";

testModule("GroupNorm", { make: () => new GroupNorm(2, 4), shape: [2, 4, 2], shown: "GroupNorm(2, 4)" });

testModule("GroupNorm with options", {
  make: () => new GroupNorm(3, 3, { eps: 0.1, bias: false }),
  shape: [2, 3, 2, 2],
  shown: "GroupNorm(3, 3, { eps: 0.1, bias: false })",
});

describe("GroupNorm", () => {
  it("says what is wrong with its options and its input", () => {
    expect(() => new GroupNorm(4, 6)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GroupNorm: numGroups 4 does not divide 6 channels. It must divide them.]`,
    );
    expect(() => new GroupNorm(0, 6)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GroupNorm: numGroups is 0. Give an integer from 1 on.]`,
    );
    expect(() => new GroupNorm(2, 4.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GroupNorm: numChannels is 4.5. Give an integer from 1 on.]`,
    );
    expect(() => new GroupNorm(2, 4, { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GroupNorm: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => new GroupNorm(2, 4).forward(ones([2, 6, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: GroupNorm: x has the shape [2, 6, 3]. It takes [N, C, ...] with C = 4.]`,
    );
    expect(() => new GroupNorm(2, 4).forward(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: GroupNorm: x has the shape [4]. It takes [N, C, ...] with C = 4.]`,
    );
  });
});
