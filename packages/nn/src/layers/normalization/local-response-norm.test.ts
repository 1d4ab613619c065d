import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { LocalResponseNorm } from "./local-response-norm.ts";

testModule("LocalResponseNorm", {
  make: () => new LocalResponseNorm(2, { alpha: 0.5, k: 2 }),
  shape: [2, 3, 2],
  shown: "LocalResponseNorm(2, { alpha: 0.5, k: 2 })",
});

describe("LocalResponseNorm", () => {
  it("says what is wrong with its size", () => {
    expect(() => new LocalResponseNorm(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LocalResponseNorm: size is 1.5. Give an integer from 1 on.]`,
    );
  });
});
