import type { Tensor } from "@anneal/tensor";
import {
  type ClassTargets,
  checkClassTarget,
  checkClassWeight,
  checkLabels,
  classTargets,
  ignoring,
  reducedByWeight,
  withBatch,
} from "./class-targets.ts";
import { checkReduction, type LossOptions, type Reduction } from "./reduction.ts";

export interface NLLLossOptions extends LossOptions {
  /** A factor for each class, [C]. The mean is then weighted by those of the targets. @defaultValue null */
  readonly weight?: Tensor | null;
  /** Targets of this number do not count. @defaultValue -100 */
  readonly ignoreIndex?: number;
}

/** @throws {OptionError} if one is out of its range */
export function nllLossOptions(
  where: string,
  { weight = null, ignoreIndex = -100, reduction = "mean" }: NLLLossOptions,
): Required<NLLLossOptions> {
  checkReduction(where, reduction);
  return { weight, ignoreIndex, reduction };
}

/**
 * Negative log likelihood: `-input[target]` for each sample.
 *
 * @param input - log probabilities, [N, C], [C] or [N, C, ...]
 * @param target - class numbers, int32, [N], [] or [N, ...]
 * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
 * @throws {ShapeError | DTypeError | OptionError} if the target does not fit the input, or names a class that is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html | torch.nn.functional.nll_loss}
 * @example
 * const logProbabilities = tensor([[0.25, 0.75]]).log();
 * await nllLoss(logProbabilities, tensor([1], { dtype: "int32" })).item(); // => 0.2876821
 */
export function nllLoss(input: Tensor, target: Tensor, options: NLLLossOptions = {}): Tensor {
  const { weight, ignoreIndex, reduction } = nllLossOptions("nllLoss", options);
  checkClassTarget("nllLoss", input, target);
  checkClassWeight("nllLoss", input, weight);
  checkLabels("nllLoss", input, target, ignoring(ignoreIndex));
  const scores = withBatch(input);
  const classes = input.ndim === 1 ? target.unsqueeze(0) : target;
  const losses = pickedLosses(scores, classTargets(scores, classes, weight, ignoreIndex), reduction);
  return reduction === "none" && input.ndim === 1 ? losses.squeeze(0) : losses;
}

/** {@link nllLoss} of [N, C, ...]. */
export function pickedLosses(logProbabilities: Tensor, targets: ClassTargets, reduction: Reduction): Tensor {
  const picked = logProbabilities.gather(1, targets.numbers.unsqueeze(1)).squeeze(1);
  return reducedByWeight(picked.neg().mul(targets.factors), targets, reduction);
}
