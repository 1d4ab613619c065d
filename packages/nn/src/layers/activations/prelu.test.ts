import { gradgradcheck, ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { prelu } from "../../functional/prelu.ts";
import { PReLU } from "./prelu.ts";

testModule("PReLU", { make: () => new PReLU(), shape: [3, 4], shown: "PReLU(1)" });
testModule("PReLU of channels", {
  make: () => new PReLU(3, { init: 0.1 }),
  shape: [2, 3, 2],
  shown: "PReLU(3, { init: 0.1 })",
});

describe("PReLU", () => {
  it("starts from a slope of 1 / 4, or another", () => {
    expect(new PReLU(2).weight.arraySync()).toEqual([0.25, 0.25]);
    expect(new PReLU(1, { init: -2 }).weight.arraySync()).toEqual([-2]);
  });

  it("learns from what is not above 0 alone, also beside an infinity", () => {
    const { weight } = new PReLU();
    prelu(tensor([Infinity, 3, 0, -1, -4]), weight)
      .sum()
      .backward();
    expect(weight.grad?.arraySync()).toEqual([-5]);
  });

  it("has gradients of gradients", () => {
    const [x, weight] = [spread([2, 3], "float64"), spread([3], "float64")];
    for (const each of [x, weight]) each.requiresGrad = true;
    expect(gradgradcheck((x, weight) => prelu(x.square().sub(1e-3), weight), [x, weight])).toBe(true);
  });

  it("says what is wrong with its options and its input", () => {
    expect(() => new PReLU(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PReLU: numParameters is 0. Give an integer from 1 on.]`,
    );
    expect(() => new PReLU(1, { init: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PReLU: init is NaN. Give a number.]`,
    );
    expect(() => new PReLU(3).forward(ones([3, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: prelu: x [3, 2] and weight [3] do not fit. x is [N, C, ...], the weight [1] or [C].]`,
    );
    expect(() => new PReLU(3).forward(ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: prelu: x [3] and weight [3] do not fit. x is [N, C, ...], the weight [1] or [C].]`,
    );
    expect(() => prelu(ones([3]), ones([1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: prelu: x [3] and weight [1, 1] do not fit. x is [N, C, ...], the weight [1] or [C].]`,
    );
  });
});
