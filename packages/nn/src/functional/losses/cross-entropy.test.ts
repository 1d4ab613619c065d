import { gradcheck, gradgradcheck, ones, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { CrossEntropyLoss } from "../../losses/cross-entropy-loss.ts";
import { type CrossEntropyLossOptions, crossEntropy } from "./cross-entropy.ts";
import { nllLoss } from "./nll-loss.ts";

const labels = (...values: number[]) => tensor(values, { dtype: "int32" });

describe("crossEntropy", () => {
  it("is log C where all scores are the same", () => {
    expect(crossEntropy(ones([4, 10]), labels(0, 3, 9, 5)).itemSync()).toBeCloseTo(Math.log(10), 6);
  });

  it("does not change when a number is added to all scores, however large", () => {
    const scores = tensor([
      [1, 2, 0.5],
      [0, -1, 3],
    ]);
    const expected = crossEntropy(scores, labels(0, 2)).itemSync();
    // 1000 leaves float32 digits down to 6e-5.
    expect(crossEntropy(scores.add(1000), labels(0, 2)).itemSync()).toBeCloseTo(expected, 3);
    expect(crossEntropy(scores.sub(1000), labels(0, 2)).itemSync()).toBeCloseTo(expected, 3);
  });

  it("keeps the digits of a small loss", () => {
    // log(1 + e^-10), by mathematics; the 1 takes digits below 6e-8, and a 10 would take those below 5e-7.
    expect(crossEntropy(tensor([[10, 0]]), labels(0)).itemSync()).toBeCloseTo(Math.log1p(Math.exp(-10)), 7);
  });

  it("lets NaN through, and a score of -∞ of another class", () => {
    expect(crossEntropy(tensor([[Number.NaN, 0]]), labels(1)).itemSync()).toBeNaN();
    expect(crossEntropy(tensor([[-Infinity, 0]]), labels(1)).itemSync()).toBe(0);
    expect(crossEntropy(tensor([[-Infinity, 0]]), labels(0)).itemSync()).toBe(Infinity);
  });

  it("has gradients, and gradients of gradients", () => {
    const scores = tensor(
      [
        [0.3, -1.2, 0.8],
        [1.7, 0.4, -0.5],
      ],
      { dtype: "float64", requiresGrad: true },
    );
    const weight = tensor([0.5, 2, 1], { dtype: "float64" });
    const targets: [Tensor, CrossEntropyLossOptions][] = [
      [labels(2, 0), {}],
      [labels(2, 0), { reduction: "sum" }],
      [labels(2, 0), { reduction: "none" }],
      [labels(2, -100), { weight, labelSmoothing: 0.2 }],
      [
        tensor(
          [
            [0.2, 0.3, 0.5],
            [1, 0, 0],
          ],
          { dtype: "float64" },
        ),
        { weight },
      ],
    ];
    for (const [target, options] of targets) {
      const loss = (input: Tensor) => crossEntropy(input, target, options);
      expect(gradcheck(loss as () => Tensor, [scores])).toBe(true);
      expect(gradgradcheck(loss as () => Tensor, [scores])).toBe(true);
    }
  });

  it("says what is wrong with its target", () => {
    expect(() => crossEntropy(ones([2, 3]), labels(0, 1, 2))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: crossEntropy: the input [2, 3] and the target [3] do not fit. Class numbers for this input have the shape [2].]`,
    );
    expect(() => crossEntropy(ones([2, 3]), labels(0, 3))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: crossEntropy: the target has a class 3, the input [2, 3] has 3. Classes are numbered from 0 to 2, and ignoreIndex is -100.]`,
    );
    expect(() => crossEntropy(ones([2, 3]), labels(0, -1))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: crossEntropy: the target has a class -1, the input [2, 3] has 3. Classes are numbered from 0 to 2, and ignoreIndex is -100.]`,
    );
    expect(() => crossEntropy(ones([2, 3]), labels(0, -100), { ignoreIndex: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: crossEntropy: the target has a class -100, the input [2, 3] has 3. Classes are numbered from 0 to 2, and ignoreIndex is 5.]`,
    );
    expect(() => crossEntropy(ones([2, 3]), ones([2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: crossEntropy: the input [2, 3] and the target [2] do not fit. Probabilities have the shape of the input; class numbers are integers: target.to("int32").]`,
    );
    expect(() => crossEntropy(ones([2, 3]), ones([2], { dtype: "bool" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: crossEntropy: the target is bool. Class numbers are integers: target.to("int32").]`,
    );
    expect(() => crossEntropy(ones([]), labels(0))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: crossEntropy: the input [] and the target [1] do not fit. Scores have the shape [N, C] or [C].]`,
    );
    expect(() => nllLoss(ones([2, 3]), labels(0, 3))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: nllLoss: the target has a class 3, the input [2, 3] has 3. Classes are numbered from 0 to 2, and ignoreIndex is -100.]`,
    );
  });

  it("says what is wrong with its weight", () => {
    expect(() => crossEntropy(ones([2, 3]), labels(0, 1), { weight: ones([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: crossEntropy: the weight has the shape [2], the input [2, 3] has 3 classes. Give one factor for each class, [3].]`,
    );
    expect(() => nllLoss(ones([2, 3]), labels(0, 1), { weight: ones([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: nllLoss: the weight has the shape [2], the input [2, 3] has 3 classes. Give one factor for each class, [3].]`,
    );
  });

  it("says that probabilities cannot be ignored", () => {
    const half = tensor([[0.5, 0.5]]);
    expect(() => crossEntropy(half, half, { ignoreIndex: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: crossEntropy: ignoreIndex is 1, and the target [1, 2] has probabilities. Only class numbers can be ignored. Leave ignoreIndex out, or give class numbers.]`,
    );
    expect(crossEntropy(half, half, { ignoreIndex: -1 }).itemSync()).toBeCloseTo(Math.log(2), 6);
  });

  it("is NaN where nothing counts", () => {
    expect(crossEntropy(ones([2, 3]), labels(0, 1), { weight: zeros([3]) }).itemSync()).toBeNaN();
    expect(crossEntropy(ones([2, 3]), labels(-100, -100)).itemSync()).toBeNaN();
  });

  it("says what is wrong with its options", () => {
    expect(() => new CrossEntropyLoss({ reduction: "avg" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CrossEntropyLoss: reduction is "avg". Give "none", "mean" or "sum".]`,
    );
    expect(() => new CrossEntropyLoss({ labelSmoothing: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CrossEntropyLoss: labelSmoothing is 2. Give a number from 0 to 1.]`,
    );
    expect(() => nllLoss(ones([2, 3]), labels(0, 1), { reduction: "avg" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: nllLoss: reduction is "avg". Give "none", "mean" or "sum".]`,
    );
  });
});
