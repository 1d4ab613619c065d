import { ones, type Tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.ts";
import { cosineEmbeddingLoss } from "./cosine-embedding-loss.ts";
import { hingeEmbeddingLoss } from "./hinge-embedding-loss.ts";
import { huberLoss } from "./huber-loss.ts";
import { klDiv } from "./kl-div.ts";
import { l1Loss } from "./l1-loss.ts";
import { mseLoss } from "./mse-loss.ts";
import { multilabelSoftMarginLoss } from "./multilabel-soft-margin-loss.ts";
import { poissonNllLoss } from "./poisson-nll-loss.ts";
import { smoothL1Loss } from "./smooth-l1-loss.ts";
import { softMarginLoss } from "./soft-margin-loss.ts";

const losses: Readonly<Record<string, (input: Tensor, target: Tensor) => Tensor>> = {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  hingeEmbeddingLoss,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  multilabelSoftMarginLoss,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
};

describe("Losses whose target is shaped like their input", () => {
  it("do not broadcast: [N] beside [N, 1] would be N² losses", () => {
    expect(() => mseLoss(ones([8, 1]), ones([8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mseLoss: input [8, 1] and target [8] have different shapes. Give one the shape of the other: target.reshape([8, 1]).]`,
    );
    expect(() => mseLoss(ones([8, 3]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mseLoss: input [8, 3] and target [3] have different shapes. They are not broadcast; if that is what you want, target.expand([8, 3]) says so.]`,
    );
    expect(() => cosineEmbeddingLoss(ones([8, 3]), ones([1, 3]), ones([8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: cosineEmbeddingLoss: input1 [8, 3] and input2 [1, 3] have different shapes. They are not broadcast; if that is what you want, input2.expand([8, 3]) says so.]`,
    );
  });

  it.each(Object.entries(losses))("say so: %s", (name, loss) => {
    expect(() => loss(ones([2, 1]), ones([2]))).toThrow(
      `${name}: input [2, 1] and target [2] have different shapes. Give one the shape of the other: target.reshape([2, 1]).`,
    );
  });

  it("say which weight does not fit", () => {
    const [x, t] = [ones([2, 3]).mul(0.5), ones([2, 3])];
    expect(() => binaryCrossEntropy(x, t, { weight: ones([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: binaryCrossEntropy: weight [2] does not broadcast to the input [2, 3]. Each of its sizes must be 1 or the input's, counted from the last.]`,
    );
    expect(() => binaryCrossEntropyWithLogits(x, t, { posWeight: ones([4, 2, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: binaryCrossEntropyWithLogits: posWeight [4, 2, 3] does not broadcast to the input [2, 3]. Each of its sizes must be 1 or the input's, counted from the last.]`,
    );
    expect(() => multilabelSoftMarginLoss(x, t, { weight: ones([4]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: multilabelSoftMarginLoss: weight [4] does not broadcast to the input [2, 3]. Each of its sizes must be 1 or the input's, counted from the last.]`,
    );
  });
});
