import { gradgradcheck, ones, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { gaussianNllLoss } from "./gaussian-nll-loss.ts";
import { klDiv } from "./kl-div.ts";
import { poissonNllLoss } from "./poisson-nll-loss.ts";

const numbers = (x: Tensor | null) => x?.arraySync() as number[];

describe("klDiv", () => {
  it("is 0 between equals, and what mathematics says with batchmean", () => {
    const p = tensor([
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    // A rounding of log 0.25 and of log 0.75 may remain.
    expect(klDiv(p.log(), p, { reduction: "batchmean" }).itemSync()).toBeCloseTo(0, 7);
    const q = tensor([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const expected = (0.25 * Math.log(0.5) + 0.75 * Math.log(1.5)) / 2;
    expect(klDiv(q.log(), p, { reduction: "batchmean" }).itemSync()).toBeCloseTo(expected, 6);
    expect(klDiv(q.log(), p).itemSync()).toBeCloseTo(expected / 2, 6);
  });

  it("has finite gradients at targets of 0, where PyTorch's are NaN", () => {
    const t = tensor([0, 1], { requiresGrad: true });
    const x = tensor([-3, -0.5], { requiresGrad: true });
    klDiv(x, t, { reduction: "sum" }).backward();
    expect(numbers(x.grad)).toEqual([-0, -1]);
    expect(numbers(t.grad)).toEqual([3, 1.5]);
  });
});

describe("poissonNllLoss", () => {
  it("is least where the rate is the count", () => {
    const x = tensor([2, 5, 1], { requiresGrad: true });
    poissonNllLoss(x, tensor([2, 5, 1]), { logInput: false, eps: 0, reduction: "sum" }).backward();
    expect(numbers(x.grad)).toEqual([0, 0, 0]);
  });

  it("has finite gradients at counts of 0 and 1 with full, where PyTorch's are NaN", () => {
    const t = tensor([0, 1], { requiresGrad: true });
    poissonNllLoss(tensor([0.5, 0.5]), t, { full: true, reduction: "sum" }).backward();
    expect(numbers(t.grad)).toEqual([-0.5, -0.5]);
  });

  it("approaches log n! with full", () => {
    const [x, n] = [tensor([0]), tensor([10])];
    const constant = poissonNllLoss(x, n, { full: true }).sub(poissonNllLoss(x, n)).itemSync();
    // Stirling's formula is off by 1 / (12 n).
    expect(Math.abs(constant - Math.log(3628800))).toBeLessThan(1 / 120);
  });
});

describe("gaussianNllLoss", () => {
  it("is the negative logarithm of the density with full", () => {
    const density = Math.exp(-((1.5 - 0.5) ** 2) / (2 * 4)) / Math.sqrt(2 * Math.PI * 4);
    const loss = gaussianNllLoss(tensor([0.5]), tensor([1.5]), tensor([4]), { full: true });
    expect(loss.itemSync()).toBeCloseTo(-Math.log(density), 6);
  });

  it("takes a number for a variance", () => {
    const [x, t] = [tensor([1, 2]), tensor([0, 4])];
    for (const variance of [3, 0]) {
      const wanted = gaussianNllLoss(x, t, tensor([variance, variance])).itemSync();
      // The logarithm of a number is taken in float64; at eps the squares are divided by 1e-6.
      expect(gaussianNllLoss(x, t, variance).itemSync() / wanted).toBeCloseTo(1, 6);
    }
  });

  it("lets the variance grow again from below eps", () => {
    const variance = tensor([0], { requiresGrad: true });
    gaussianNllLoss(tensor([1]), tensor([3]), variance, { eps: 0.5 }).backward();
    // (1 / v - d² / v²) / 2 at v = 0.5, d = 2.
    expect(numbers(variance.grad)).toEqual([-7]);
  });

  it("has gradients of gradients", () => {
    const leaves = [tensor([0.5, 2]), tensor([1, -1]), tensor([0.5, 3])].map((x) => x.to("float64"));
    for (const leaf of leaves) leaf.requiresGrad = true;
    expect(gradgradcheck((x, t, v) => gaussianNllLoss(x as Tensor, t as Tensor, v as Tensor), leaves)).toBe(true);
  });

  it("says what does not fit, and what is no variance", () => {
    const x = zeros([2, 3]);
    expect(() => gaussianNllLoss(x, ones([3]), ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: gaussianNllLoss: the input [2, 3] and the target [3] do not fit. The target has the shape of the input, or sizes 1 that broadcast.]`,
    );
    expect(() => gaussianNllLoss(x, x, ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: gaussianNllLoss: the input [2, 3] and the variance [3] do not fit. The variance has the shape of the input, lacks its last dimension, or has size 1 in one dimension.]`,
    );
    expect(() => gaussianNllLoss(x, x, ones([1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: gaussianNllLoss: the input [2, 3] and the variance [1, 1] do not fit. The variance has the shape of the input, lacks its last dimension, or has size 1 in one dimension.]`,
    );
    expect(() => gaussianNllLoss(x, x, tensor([[1], [-0.5]]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: gaussianNllLoss: the variance has a -0.5. Give variances from 0 on: y.softplus().]`,
    );
    expect(() => gaussianNllLoss(x, x, -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: gaussianNllLoss: the variance has a -1. Give variances from 0 on: y.softplus().]`,
    );
  });
});
