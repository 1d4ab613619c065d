import type { Tensor } from "@anneal/tensor";
import { type BCELossOptions, bceLossOptions } from "./binary-cross-entropy.ts";
import { negativeLogLikelihood } from "./binary-cross-entropy-with-logits.ts";
import { checkSameShape, checkSpreads } from "./check-shapes.ts";
import { reduced } from "./reduction.ts";

/**
 * Each class by itself, one against all: the binary cross entropy of scores, averaged over the classes.
 *
 * @param input - scores before a sigmoid, [C] or [..., C]
 * @param target - 1 for each class that is there, 0 for others, of the same shape
 * @param options - `weight`: a factor for each class, [C]
 * @returns a scalar, or a loss for each sample, [...], if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html | torch.nn.functional.multilabel_soft_margin_loss}
 * @example
 * await multilabelSoftMarginLoss(tensor([[0, 1000, -1000]]), tensor([[1, 1, 0]])).item(); // => 0.2310491
 */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  const { weight, reduction } = bceLossOptions("multilabelSoftMarginLoss", options);
  checkSameShape("multilabelSoftMarginLoss", input, target);
  checkSpreads("multilabelSoftMarginLoss", "weight", weight, input);
  const losses = negativeLogLikelihood(input, target);
  return reduced((weight ? losses.mul(weight) : losses).mean(-1), reduction);
}
