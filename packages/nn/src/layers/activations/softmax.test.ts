import { ones, randn, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { LogSoftmax, Softmax, Softmax2d, Softmin } from "./softmax.ts";

testModule("Softmax", { make: () => new Softmax(1), shape: [2, 4], shown: "Softmax(1)" });
testModule("Softmin", { make: () => new Softmin(-1), shape: [2, 4], shown: "Softmin(-1)" });
testModule("LogSoftmax", { make: () => new LogSoftmax(0), shape: [3, 2], shown: "LogSoftmax(0)" });
testModule("Softmax2d", { make: () => new Softmax2d(), shape: [1, 3, 2, 2], shown: "Softmax2d()" });

describe("Softmax and its kin", () => {
  it("add up to 1", () => {
    const x = randn([3, 50, 2, 2]);
    for (const y of [
      new Softmax(1).forward(x),
      new Softmin(1).forward(x),
      new LogSoftmax(1).forward(x).exp(),
      new Softmax2d().forward(x),
    ]) {
      // 50 terms, each rounded to 6e-8 of itself.
      for (const total of y.sum(1).dataSync()) expect(Math.abs(Number(total) - 1)).toBeLessThan(1e-6);
    }
  });

  it("do not change when all numbers move together", () => {
    const x = tensor([[1, 2, 4]]);
    for (const layer of [new Softmax(1), new Softmin(1), new LogSoftmax(1)]) {
      // Exact: the largest is taken out first, and these numbers have no fractions.
      expect(layer.forward(x.add(1000)).arraySync()).toEqual(layer.forward(x).arraySync());
    }
  });

  it("say what is wrong with their dimension and their input", () => {
    expect(() => new Softmax(0.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Softmax: dim is 0.5. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new Softmin(undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Softmin: dim is undefined. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new LogSoftmax(2).forward(ones([2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: logSoftmax: dim 2 is not a dimension of a tensor of 2 dimensions. Give an integer from -2 to 1.]`,
    );
    expect(() => new Softmax2d().forward(ones([2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: Softmax2d: x has the shape [2, 2]. It takes [N, C, H, W] or [C, H, W].]`,
    );
  });
});
