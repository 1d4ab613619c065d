import { gradgradcheck, ones, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { cosineSimilarity } from "../../functional/cosine-similarity.ts";
import { pairwiseDistance } from "../../functional/pairwise-distance.ts";
import { CosineSimilarity } from "./cosine-similarity.ts";
import { PairwiseDistance } from "./pairwise-distance.ts";

testModule("PairwiseDistance", {
  make: () => new PairwiseDistance({ p: 3, keepdim: true }),
  inputs: (dtype) => [spread([3, 4], dtype), spread([4], dtype).mul(-2)],
  shown: "PairwiseDistance({ p: 3, keepdim: true })",
});

testModule("CosineSimilarity", {
  make: () => new CosineSimilarity({ dim: -2, eps: 0.01 }),
  inputs: (dtype) => [spread([3, 1, 2], dtype).mul(8), spread([3, 2, 2], dtype).mul(8).flip(0)],
  shown: "CosineSimilarity({ dim: -2, eps: 0.01 })",
});

describe("pairwiseDistance", () => {
  it("is 0 between equals without eps, with a gradient of 0", () => {
    const x = ones([1, 2], { requiresGrad: true });
    const distance = pairwiseDistance(x, ones([1, 2]), { eps: 0 });
    expect(distance.arraySync()).toEqual([0]);
    distance.sum().backward();
    expect(x.grad?.arraySync()).toEqual([[0, 0]]);
  });

  it("says what is wrong with its options", () => {
    expect(() => new PairwiseDistance({ p: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PairwiseDistance: p is NaN. Give a number.]`,
    );
    expect(() => pairwiseDistance(ones([2]), ones([2]), { eps: "no" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pairwiseDistance: eps is "no". Give a number.]`,
    );
  });
});

describe("cosineSimilarity", () => {
  it("is 1, 0 and -1 for one direction, a right angle and opposites, however long the vectors", () => {
    const x = tensor([
      [1e15, 0],
      [1e-7, 0],
      [3, 4],
    ]);
    const y = tensor([
      [1e18, 0],
      [0, 5],
      [-6, -8],
    ]);
    // Two quotients round.
    expect(cosineSimilarity(x, y).arraySync()).toEqual([1, 0, -1].map((each) => expect.closeTo(each, 6)));
  });

  it("is 0 for vectors of 0, with finite gradients", () => {
    const x = zeros([1, 2], { requiresGrad: true });
    const similarity = cosineSimilarity(x, tensor([[3, 4]]));
    expect(similarity.arraySync()).toEqual([0]);
    similarity.sum().backward();
    expect(x.grad?.isfinite().all().itemSync()).toBe(1);
  });

  it("has gradients of gradients", () => {
    const leaves = [spread([2, 3], "float64"), spread([2, 3], "float64").flip(1)];
    for (const leaf of leaves) leaf.requiresGrad = true;
    expect(gradgradcheck((x, y) => cosineSimilarity(x as Tensor, y as Tensor), leaves)).toBe(true);
  });

  it("says what is wrong with its options and inputs", () => {
    expect(() => new CosineSimilarity({ dim: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineSimilarity: dim is 0.5. Give an integer; from the end where it is negative.]`,
    );
    expect(() => new CosineSimilarity({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineSimilarity: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => cosineSimilarity(ones([3]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: cosineSimilarity: x1 [3] and x2 [3] have no dim 1. Give an integer from -1 to 0.]`,
    );
    expect(() => cosineSimilarity(ones([2, 3]), ones([2, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mul: shapes [2, 3] and [2, 4] do not broadcast: sizes 3 and 4 at dim 1 differ and neither is 1. Reshape or expand one of them.]`,
    );
  });
});
