import { gradgradcheck, ones, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { cosineEmbeddingLoss } from "./cosine-embedding-loss.ts";
import { marginRankingLoss } from "./margin-ranking-loss.ts";
import { multiMarginLoss } from "./multi-margin-loss.ts";
import { multilabelMarginLoss } from "./multilabel-margin-loss.ts";
import { softMarginLoss } from "./soft-margin-loss.ts";
import { tripletMarginLoss } from "./triplet-margin-loss.ts";
import { tripletMarginWithDistanceLoss } from "./triplet-margin-with-distance-loss.ts";

const integers = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

describe("softMarginLoss", () => {
  it("is finite, with a finite slope, where PyTorch's overflows", () => {
    const x = tensor([1000, -1000], { requiresGrad: true });
    const losses = softMarginLoss(x, tensor([-1, -1]), { reduction: "none" });
    expect(losses.arraySync()).toEqual([1000, -0]);
    losses.sum().backward();
    expect(x.grad?.arraySync()).toEqual([1, 0]);
  });
});

describe("multiMarginLoss", () => {
  it("is 0 where the target leads by the margin", () => {
    expect(multiMarginLoss(tensor([[3, 1, 2]]), integers(0)).itemSync()).toBe(0);
    expect(multiMarginLoss(tensor([[3, 1, 2]]), integers(0), { margin: 2, p: 2 }).itemSync()).toBeCloseTo(1 / 3, 6);
  });

  it("says what is wrong with its target and its weight", () => {
    expect(() => multiMarginLoss(ones([2, 3]), integers(0, 3))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: multiMarginLoss: the target has a class 3, the input [2, 3] has 3. Classes are numbered from 0 to 2.]`,
    );
    expect(() => multiMarginLoss(ones([2, 3]), integers(0))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: multiMarginLoss: the input [2, 3] and the target [1] do not fit. Class numbers for this input have the shape [2].]`,
    );
    expect(() => multiMarginLoss(ones([2, 3]), ones([2]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: multiMarginLoss: the target is float32. Class numbers are integers: target.to("int32").]`,
    );
    expect(() => multiMarginLoss(ones([2, 3, 4]), integers(0, 1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: multiMarginLoss: the input has the shape [2, 3, 4]. Give scores, [N, C] or [C].]`,
    );
    expect(() =>
      multiMarginLoss(ones([2, 3]), integers(0, 1), { weight: ones([2]) }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: multiMarginLoss: the weight has the shape [2], the input [2, 3] has 3 classes. Give one factor for each class, [3].]`,
    );
  });
});

describe("multilabelMarginLoss", () => {
  it("is multiMarginLoss where there is one label", () => {
    const scores = tensor([[0.5, -1, 2, 0]]);
    expect(multilabelMarginLoss(scores, tensor([[3, -1, 0, 0]], { dtype: "int32" })).itemSync()).toBe(
      multiMarginLoss(scores, integers(3)).itemSync(),
    );
  });

  it("says what is wrong with its target", () => {
    expect(() => multilabelMarginLoss(ones([1, 3]), integers(0, 1, -1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: multilabelMarginLoss: the input [1, 3] and the target [3] do not fit. Give scores, [N, C] or [C], and lists of classes of the same shape, filled up with -1.]`,
    );
    expect(() => multilabelMarginLoss(ones([3]), integers(0, 3, -1))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: multilabelMarginLoss: the target has a class 3, the input [3] has 3. Classes are numbered from 0 to 2, and -1 ends a list.]`,
    );
    expect(() => multilabelMarginLoss(ones([3]), integers(0, -2, -1))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: multilabelMarginLoss: the target has a class -2, the input [3] has 3. Classes are numbered from 0 to 2, and -1 ends a list.]`,
    );
    expect(() => multilabelMarginLoss(ones([3]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: multilabelMarginLoss: the target is float32. Class numbers are integers: target.to("int32").]`,
    );
  });
});

describe("marginRankingLoss", () => {
  it("broadcasts sizes of 1, and says that it does not add dimensions", () => {
    expect(marginRankingLoss(ones([2, 1]), ones([1, 3]), ones([2, 3]), { reduction: "none" }).shape).toEqual([2, 3]);
    expect(() => marginRankingLoss(ones([2, 3]), ones([2, 3]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: marginRankingLoss: input1 [2, 3], input2 [2, 3] and the target [3] have different numbers of dimensions. Reshape them: sizes of 1 are broadcast, missing ones are not.]`,
    );
  });
});

describe("cosineEmbeddingLoss", () => {
  it("is 0 for vectors of one direction that are alike, 2 for opposite ones", () => {
    const x = tensor([
      [1, 2],
      [1, 2],
    ]);
    const y = tensor([
      [3, 6],
      [-2, -4],
    ]);
    const losses = cosineEmbeddingLoss(x, y, tensor([1, 1]), { reduction: "none" }).arraySync();
    // Three roundings of numbers around 1.
    expect(losses).toEqual([expect.closeTo(0, 6), expect.closeTo(2, 6)]);
  });

  it("has finite gradients for vectors of 0", () => {
    const x = zeros([1, 2], { requiresGrad: true });
    cosineEmbeddingLoss(x, zeros([1, 2]), tensor([1])).backward();
    expect(x.grad?.arraySync()).toEqual([[0, 0]]);
  });

  it("says what does not fit", () => {
    expect(() => cosineEmbeddingLoss(ones([2, 3]), ones([2, 3]), ones([2, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: cosineEmbeddingLoss: the inputs [2, 3] and the target [2, 1] do not fit. Give vectors, [N, D] or [D], and a target for each, [N] or [].]`,
    );
    expect(() =>
      cosineEmbeddingLoss(ones([2, 3, 4]), ones([2, 3, 4]), ones([2, 3])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: cosineEmbeddingLoss: the inputs [2, 3, 4] and the target [2, 3] do not fit. Give vectors, [N, D] or [D], and a target for each, [N] or [].]`,
    );
  });
});

describe("tripletMarginLoss", () => {
  const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[3, 4]]), tensor([[3, 3]])];

  it("measures from the positive with swap, if that is nearer", () => {
    // 5 - √18 + 1, and 5 - 1 + 1.
    expect(tripletMarginLoss(anchor, positive, negative, { eps: 0 }).itemSync()).toBeCloseTo(6 - Math.sqrt(18), 6);
    expect(tripletMarginLoss(anchor, positive, negative, { eps: 0, swap: true }).itemSync()).toBe(5);
  });

  it("has finite gradients where all three are the same", () => {
    const x = zeros([2, 2], { requiresGrad: true });
    tripletMarginLoss(x, x, x).backward();
    expect(x.grad?.isfinite().all().itemSync()).toBe(1);
  });

  it("takes a distance of one's own", () => {
    const distanceFunction = (x1: Tensor, x2: Tensor): Tensor => x1.sub(x2).abs().sum(-1);
    expect(tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction }).itemSync()).toBe(2);
  });

  it("has gradients of gradients", () => {
    const leaves = [anchor.sub(0.5), positive, negative].map((x) => x.to("float64"));
    for (const leaf of leaves) leaf.requiresGrad = true;
    expect(gradgradcheck((a, p, n) => tripletMarginLoss(a as Tensor, p as Tensor, n as Tensor), leaves)).toBe(true);
  });

  it("says which numbers of dimensions differ", () => {
    expect(() => tripletMarginLoss(ones([2, 3]), ones([3]), ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tripletMarginLoss: anchor [2, 3], positive [3] and negative [2, 3] have different numbers of dimensions. Reshape them: sizes of 1 are broadcast, missing ones are not.]`,
    );
    expect(() => tripletMarginWithDistanceLoss(ones([3]), ones([3]), ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tripletMarginWithDistanceLoss: anchor [3], positive [3] and negative [2, 3] have different numbers of dimensions. Reshape them: sizes of 1 are broadcast, missing ones are not.]`,
    );
  });
});
