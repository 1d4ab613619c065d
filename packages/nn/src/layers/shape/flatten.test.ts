import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Flatten } from "./flatten.ts";

testModule("Flatten", { make: () => new Flatten(), shape: [2, 3, 2], shown: "Flatten({ startDim: 1, endDim: -1 })" });

describe("Flatten", () => {
  it("says what is wrong with its options and its input", () => {
    expect(() => new Flatten({ startDim: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Flatten: startDim is 0.5. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new Flatten({ startDim: 3 }).forward(ones([2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: flatten: dim 3 is not a dimension of a tensor of 2 dimensions. Give an integer from -2 to 1.]`,
    );
  });
});
