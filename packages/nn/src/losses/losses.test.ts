import { type DType, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../test/module-suite.ts";
import { crossEntropy } from "../functional/losses/cross-entropy.ts";
import {
  BCELoss,
  BCEWithLogitsLoss,
  CosineEmbeddingLoss,
  CrossEntropyLoss,
  CTCLoss,
  GaussianNLLLoss,
  HingeEmbeddingLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MarginRankingLoss,
  Module,
  MSELoss,
  MultiLabelMarginLoss,
  MultiLabelSoftMarginLoss,
  MultiMarginLoss,
  NLLLoss,
  PoissonNLLLoss,
  SmoothL1Loss,
  SoftMarginLoss,
  TripletMarginLoss,
  TripletMarginWithDistanceLoss,
} from "../index.ts";

const integers = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const signs = integers(1, -1, -1);
const perClass = tensor([0.5, 2, 1, 0.25]);

/** [3, 4], scores of three samples; no two the same, no kink near. */
const scores = (dtype: DType): Tensor => spread([3, 4], dtype).mul(8);
const others = (dtype: DType): Tensor => scores(dtype).flip([0, 1]).mul(0.7).add(0.05);
const probabilities = (dtype: DType): Tensor => scores(dtype).sigmoid();

const pair = (dtype: DType): Tensor[] => [scores(dtype), others(dtype)];
const scoresAndProbabilities = (dtype: DType): Tensor[] => [scores(dtype), probabilities(dtype).flip(0)];

testModule("CrossEntropyLoss", {
  make: () => new CrossEntropyLoss({ weight: perClass, labelSmoothing: 0.1 }),
  inputs: (dtype) => [scores(dtype), integers(1, -100, 3)],
  shown: "CrossEntropyLoss({ weight: Tensor [4], labelSmoothing: 0.1 })",
});

testModule("NLLLoss", {
  make: () => new NLLLoss({ ignoreIndex: 1, reduction: "sum" }),
  inputs: (dtype) => [scores(dtype), integers(1, 0, 3)],
  shown: 'NLLLoss({ ignoreIndex: 1, reduction: "sum" })',
});

testModule("BCELoss", {
  make: () => new BCELoss({ weight: perClass }),
  inputs: (dtype) => [probabilities(dtype), probabilities(dtype).flip(0)],
  shown: "BCELoss({ weight: Tensor [4] })",
});

testModule("BCEWithLogitsLoss", {
  make: () => new BCEWithLogitsLoss({ posWeight: perClass, weight: tensor([[2], [1], [0.5]]) }),
  inputs: scoresAndProbabilities,
  shown: "BCEWithLogitsLoss({ weight: Tensor [3, 1], posWeight: Tensor [4] })",
});

testModule("MSELoss", { make: () => new MSELoss(), inputs: pair, shown: "MSELoss()" });

testModule("L1Loss", {
  make: () => new L1Loss({ reduction: "none" }),
  inputs: pair,
  shown: 'L1Loss({ reduction: "none" })',
});

testModule("SmoothL1Loss", {
  make: () => new SmoothL1Loss({ beta: 0.5 }),
  inputs: pair,
  shown: "SmoothL1Loss({ beta: 0.5 })",
});

testModule("HuberLoss", {
  make: () => new HuberLoss({ delta: 0.5, reduction: "mean" }),
  inputs: pair,
  shown: "HuberLoss({ delta: 0.5 })",
});

testModule("KLDivLoss", {
  make: () => new KLDivLoss({ reduction: "batchmean" }),
  inputs: scoresAndProbabilities,
  shown: 'KLDivLoss({ reduction: "batchmean" })',
});

testModule("KLDivLoss of logarithms", {
  make: () => new KLDivLoss({ logTarget: true }),
  inputs: pair,
  shown: "KLDivLoss({ logTarget: true })",
});

testModule("PoissonNLLLoss", {
  make: () => new PoissonNLLLoss({ logInput: false, full: true }),
  inputs: (dtype) => [scores(dtype).exp(), others(dtype).exp()],
  shown: "PoissonNLLLoss({ logInput: false, full: true })",
});

testModule("GaussianNLLLoss", {
  make: () => new GaussianNLLLoss({ full: true }),
  inputs: (dtype) => [...pair(dtype), spread([3, 1], dtype).exp()],
  shown: "GaussianNLLLoss({ full: true })",
});

testModule("HingeEmbeddingLoss", {
  make: () => new HingeEmbeddingLoss({ margin: 0.5 }),
  inputs: (dtype) => [spread([3], dtype), signs],
  shown: "HingeEmbeddingLoss({ margin: 0.5 })",
});

testModule("MarginRankingLoss", {
  make: () => new MarginRankingLoss({ margin: 0.5 }),
  inputs: (dtype) => [spread([3], dtype), spread([3], dtype).mul(-0.3), signs],
  shown: "MarginRankingLoss({ margin: 0.5 })",
});

testModule("CosineEmbeddingLoss", {
  make: () => new CosineEmbeddingLoss({ margin: -0.5 }),
  inputs: (dtype) => [...pair(dtype), signs],
  shown: "CosineEmbeddingLoss({ margin: -0.5 })",
});

testModule("TripletMarginLoss", {
  make: () => new TripletMarginLoss({ swap: true, p: 3 }),
  inputs: (dtype) => [...pair(dtype), scores(dtype).flip(1)],
  shown: "TripletMarginLoss({ p: 3, swap: true })",
});

const largestDifference = (x1: Tensor, x2: Tensor): Tensor => x1.sub(x2).abs().amax(-1);

testModule("TripletMarginWithDistanceLoss", {
  make: () => new TripletMarginWithDistanceLoss({ distanceFunction: largestDifference, margin: 2 }),
  inputs: (dtype) => [...pair(dtype), scores(dtype).flip(1)],
  shown: "TripletMarginWithDistanceLoss({ distanceFunction: largestDifference, margin: 2 })",
});

testModule("MultiLabelSoftMarginLoss", {
  make: () => new MultiLabelSoftMarginLoss({ weight: perClass }),
  inputs: scoresAndProbabilities,
  shown: "MultiLabelSoftMarginLoss({ weight: Tensor [4] })",
});

testModule("MultiLabelMarginLoss", {
  make: () => new MultiLabelMarginLoss(),
  inputs: (dtype) => [scores(dtype), integers(2, 0, -1, 1, 3, -1, 0, 0, 0, 1, 2, 3).reshape([3, 4])],
  shown: "MultiLabelMarginLoss()",
});

testModule("MultiMarginLoss", {
  make: () => new MultiMarginLoss({ p: 2, weight: perClass }),
  inputs: (dtype) => [scores(dtype), integers(2, 0, 3)],
  shown: "MultiMarginLoss({ p: 2, weight: Tensor [4] })",
});

testModule("SoftMarginLoss", { make: () => new SoftMarginLoss(), inputs: pair, shown: "SoftMarginLoss()" });

/** The slope of its input is right only after a log-softmax. */
class CTCOfScores extends Module {
  ctc = new CTCLoss({ blank: 3, zeroInfinity: true });
  forward(scores: Tensor, ...rest: [targets: Tensor, inputLengths: number[], targetLengths: Tensor]): Tensor {
    return this.ctc.forward(scores.logSoftmax(2), ...rest);
  }
}

testModule("CTCLoss", {
  make: () => new CTCOfScores(),
  // The third has two steps for two labels that are the same.
  inputs: (dtype) => [
    spread([5, 3, 4], dtype),
    integers(2, 0, 1, 0, 1, 1).reshape([3, 2]),
    [5, 4, 2],
    integers(2, 1, 2),
  ],
  shown: "CTCOfScores(\n  (ctc): CTCLoss({ blank: 3, zeroInfinity: true })\n)",
});

describe("A loss", () => {
  it("has buffers of PyTorch's names for the tensors among its options, and none without", () => {
    const [weight, posWeight] = [perClass, perClass];
    expect([...new BCEWithLogitsLoss({ weight, posWeight }).stateDict().keys()]).toEqual(["weight", "pos_weight"]);
    expect([...new CrossEntropyLoss({ weight }).stateDict().keys()]).toEqual(["weight"]);
    expect(new CrossEntropyLoss().stateDict().size).toBe(0);
  });

  it("weighs with the numbers that were loaded", () => {
    const criterion = new CrossEntropyLoss({ weight: tensor([1, 1]) });
    criterion.loadStateDict({ weight: { shape: [2], data: [3, 1] } });
    const rows = tensor([
      [1, 0],
      [2, 0],
    ]);
    const expected = crossEntropy(rows, integers(0, 1), { weight: tensor([3, 1]) }).itemSync();
    expect(criterion.forward(rows, integers(0, 1)).itemSync()).toBe(expected);
  });

  it("takes the default for an option that is undefined", () => {
    expect(String(new HuberLoss({ delta: undefined, reduction: undefined } as object))).toBe("HuberLoss()");
  });

  it("says what is wrong with its options, in the name of the class", () => {
    expect(() => new MSELoss({ reduction: "avg" as "mean" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MSELoss: reduction is "avg". Give "none", "mean" or "sum".]`,
    );
    expect(() => new KLDivLoss({ reduction: "avg" as "mean" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: KLDivLoss: reduction is "avg". Give "none", "mean", "batchmean" or "sum".]`,
    );
    expect(() => new BCEWithLogitsLoss({ reduction: "Mean" as "mean" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: BCEWithLogitsLoss: reduction is "Mean". Give "none", "mean" or "sum".]`,
    );
    expect(() => new HuberLoss({ delta: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: HuberLoss: delta is 0. Give a number above 0.]`,
    );
    expect(() => new SmoothL1Loss({ beta: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SmoothL1Loss: beta is -1. Give a number from 0 on.]`,
    );
    expect(() => new PoissonNLLLoss({ eps: -1e-8 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: PoissonNLLLoss: eps is -1e-8. Give a number from 0 on.]`,
    );
    expect(() => new GaussianNLLLoss({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GaussianNLLLoss: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => new HingeEmbeddingLoss({ margin: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: HingeEmbeddingLoss: margin is NaN. Give a number.]`,
    );
    expect(() => new MarginRankingLoss({ margin: null as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MarginRankingLoss: margin is null. Give a number.]`,
    );
    expect(() => new CosineEmbeddingLoss({ margin: "0.5" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CosineEmbeddingLoss: margin is "0.5". Give a number.]`,
    );
    expect(() => new TripletMarginLoss({ margin: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TripletMarginLoss: margin is 0. Give a number above 0.]`,
    );
    expect(() => new TripletMarginLoss({ p: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TripletMarginLoss: p is NaN. Give a number.]`,
    );
    expect(() => new TripletMarginWithDistanceLoss({ margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TripletMarginWithDistanceLoss: margin is -1. Give a number above 0.]`,
    );
    expect(() => new MultiMarginLoss({ p: 3 as 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiMarginLoss: p is 3. Give 1 or 2.]`,
    );
    expect(() => new CTCLoss({ blank: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CTCLoss: blank is -1. Give an integer from 0 on.]`,
    );
  });
});
