import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { GLU } from "./glu.ts";

testModule("GLU", { make: () => new GLU(), shape: [3, 4], shown: "GLU(-1)" });
testModule("GLU of channels", { make: () => new GLU(1), shape: [2, 4, 3], shown: "GLU(1)" });

describe("GLU", () => {
  it("says what is wrong with its dimension and its input", () => {
    expect(() => new GLU(0.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GLU: dim is 0.5. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new GLU().forward(ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: glu: [2, 3] has 3 elements along dim -1, which has no halves. Give a dimension of even size.]`,
    );
  });
});
