import { gradgradcheck, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.ts";

/** 0 for -0. */
const numbers = (x: Tensor | null) => x?.add(0).arraySync() as number[];

describe("binaryCrossEntropy", () => {
  it("is finite where the answer is certain, and can still get better", () => {
    const x = tensor([0, 1, 0, 1], { requiresGrad: true });
    const losses = binaryCrossEntropy(x, tensor([0, 1, 1, 0]), { reduction: "none" });
    expect(numbers(losses)).toEqual([0, 0, 100, 100]);
    losses.sum().backward();
    // The difference divided by 1e-12, in float32.
    const steep = 1 / Math.fround(1e-12);
    expect(numbers(x.grad)).toEqual([0, 0, -Math.fround(steep), Math.fround(steep)]);
  });

  it("gives targets the slope of that finite loss, where PyTorch's is infinite", () => {
    const t = tensor([0.5, 0.5, 0.5], { requiresGrad: true });
    binaryCrossEntropy(tensor([0, 1, 0.5]), t, { reduction: "sum" }).backward();
    expect(numbers(t.grad)).toEqual([100, -100, 0]);
  });

  it("has gradients of gradients", () => {
    const x = tensor([0.2, 0.7, 0.4], { dtype: "float64", requiresGrad: true });
    const t = tensor([0.9, 0.3, 0.4], { dtype: "float64", requiresGrad: true });
    for (const loss of [binaryCrossEntropy, binaryCrossEntropyWithLogits]) {
      expect(gradgradcheck((x, t) => loss(x as Tensor, t as Tensor), [x, t])).toBe(true);
    }
  });

  it("says what is no probability", () => {
    const half = tensor([0.5, 0.5]);
    expect(() => binaryCrossEntropy(tensor([0.5, 1.25]), half)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: binaryCrossEntropy: the input has a 1.25, which is no probability. Scores become probabilities by x.sigmoid(), or use binaryCrossEntropyWithLogits.]`,
    );
    expect(() => binaryCrossEntropy(tensor([Number.NaN, 0.5]), half)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: binaryCrossEntropy: the input has a NaN, which is no probability. Scores become probabilities by x.sigmoid(), or use binaryCrossEntropyWithLogits.]`,
    );
    expect(() => binaryCrossEntropy(half, tensor([0, -1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: binaryCrossEntropy: the target has a -1, which is no probability. Give probabilities, from 0 to 1.]`,
    );
  });
});

describe("binaryCrossEntropyWithLogits", () => {
  it("is binaryCrossEntropy of the sigmoid", () => {
    const [x, t] = [tensor([-2, 0.5, 3]), tensor([0.25, 1, 0])];
    const expected = binaryCrossEntropy(x.sigmoid(), t).itemSync();
    // log(1 - sigmoid(3)) has lost a digit of float32.
    expect(binaryCrossEntropyWithLogits(x, t).itemSync()).toBeCloseTo(expected, 5);
  });

  it("neither overflows nor loses the digits of a small loss", () => {
    const scores = tensor([1000, -1000, 1000, -1000, -15]);
    const losses = binaryCrossEntropyWithLogits(scores, tensor([1, 0, 0, 1, 0]), { reduction: "none" });
    // log(1 + e^-15), by mathematics: 3e-7, of which 15 + 3e-7 would leave a third.
    expect(numbers(losses)).toEqual([0, 0, 1000, 1000, expect.closeTo(Math.log1p(Math.exp(-15)), 12)]);
  });

  it("counts positives posWeight times", () => {
    const [x, t] = [tensor([[0.5, -1]]), tensor([[1, 1]])];
    const once = numbers(binaryCrossEntropyWithLogits(x, t, { reduction: "none" }).squeeze(0));
    const twice = binaryCrossEntropyWithLogits(x, t, { posWeight: tensor([2, 4]), reduction: "none" });
    expect(numbers(twice.squeeze(0))).toEqual([2 * (once[0] as number), 4 * (once[1] as number)]);
  });
});
