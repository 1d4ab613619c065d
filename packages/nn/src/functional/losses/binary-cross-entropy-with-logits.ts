import type { Tensor } from "@anneal/tensor";
import { type BCELossOptions, bceLossOptions } from "./binary-cross-entropy.ts";
import { checkSameShape, checkSpreads } from "./check-shapes.ts";
import { reduced } from "./reduction.ts";

export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** How often a positive counts, of a shape that broadcasts to the input's, one for each class usually. @defaultValue null */
  readonly posWeight?: Tensor | null;
}

/** @throws {OptionError} if the reduction is none */
export function bceWithLogitsLossOptions(
  where: string,
  { posWeight = null, ...options }: BCEWithLogitsLossOptions,
): Required<BCEWithLogitsLossOptions> {
  return { ...bceLossOptions(where, options), posWeight };
}

/**
 * Binary cross entropy of scores: `-(posWeight target log σ(input) + (1 - target) log(1 - σ(input)))`, where σ is the sigmoid.
 *
 * @param input - scores before a sigmoid, of any shape
 * @param target - probabilities, of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html | torch.nn.functional.binary_cross_entropy_with_logits}
 * @example
 * await binaryCrossEntropyWithLogits(tensor([0, 1000]), tensor([1, 1]), { reduction: "sum" }).item(); // => 0.6931472
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BCEWithLogitsLossOptions = {},
): Tensor {
  const { weight, posWeight, reduction } = bceWithLogitsLossOptions("binaryCrossEntropyWithLogits", options);
  checkSameShape("binaryCrossEntropyWithLogits", input, target);
  checkSpreads("binaryCrossEntropyWithLogits", "weight", weight, input);
  checkSpreads("binaryCrossEntropyWithLogits", "posWeight", posWeight, input);
  const losses = negativeLogLikelihood(input, target, posWeight);
  return reduced(weight ? losses.mul(weight) : losses, reduction);
}

/** Of each element. */
export function negativeLogLikelihood(input: Tensor, target: Tensor, posWeight: Tensor | null = null): Tensor {
  // Both terms of one sign: (1 - target) input - log σ(input) would lose the digits of a small loss between two large numbers.
  const positive = (posWeight ? target.mul(posWeight) : target).mul(input.logSigmoid());
  return positive.add(target.neg().add(1).mul(input.neg().logSigmoid())).neg();
}
