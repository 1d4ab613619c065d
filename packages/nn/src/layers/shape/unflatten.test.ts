import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Unflatten } from "./unflatten.ts";

testModule("Unflatten", { make: () => new Unflatten(1, [2, -1]), shape: [2, 6], shown: "Unflatten(1, [2, -1])" });

describe("Unflatten", () => {
  it("says what is wrong with its arguments and its input", () => {
    expect(() => new Unflatten(0.5, [2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Unflatten: dim is 0.5. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new Unflatten(1, [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Unflatten: unflattenedSize is []. Give a list of integers from 0 on; one of them may be -1.]`,
    );
    expect(() => new Unflatten(1, [-1, 2, -1])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Unflatten: unflattenedSize is [-1, 2, -1]. Give a list of integers from 0 on; one of them may be -1.]`,
    );
    expect(() => new Unflatten(1, [2, -2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Unflatten: unflattenedSize is [2, -2]. Give a list of integers from 0 on; one of them may be -1.]`,
    );
    expect(() => new Unflatten(1, [1.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Unflatten: unflattenedSize is [1.5]. Give a list of integers from 0 on; one of them may be -1.]`,
    );
    expect(() => new Unflatten(1, [4, -1]).forward(ones([2, 6]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: unflatten: dim 1 of [2, 6] is not made of [4, -1]. Give sizes whose product is 6; one of them may be -1.]`,
    );
  });
});
