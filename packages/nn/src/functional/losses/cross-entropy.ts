import { OptionError, record, ShapeError, type Tensor } from "@anneal/tensor";
import { checkProbability } from "../../check-options.ts";
import { shapeText } from "./check-shapes.ts";
import {
  checkClassTarget,
  checkClassWeight,
  checkLabels,
  classTargets,
  ignoring,
  reducedByWeight,
  withBatch,
} from "./class-targets.ts";
import { type NLLLossOptions, nllLossOptions, pickedLosses } from "./nll-loss.ts";

export interface CrossEntropyLossOptions extends NLLLossOptions {
  /** How much of each target is spread evenly over all classes, 0 to 1. @defaultValue 0 */
  readonly labelSmoothing?: number;
}

/** @throws {OptionError} if one is out of its range */
export function crossEntropyLossOptions(
  where: string,
  { labelSmoothing = 0, ...options }: CrossEntropyLossOptions,
): Required<CrossEntropyLossOptions> {
  checkProbability(where, "labelSmoothing", labelSmoothing);
  return { ...nllLossOptions(where, options), labelSmoothing };
}

/**
 * Cross entropy between scores and targets: `-Σ target log softmax(input)`.
 *
 * @param input - scores before any softmax, [N, C], [C] or [N, C, ...]
 * @param target - class numbers, int32, [N], [] or [N, ...]; or probabilities, a float of the shape of `input`
 * @returns a scalar, or a loss for each sample if reduction is "none"
 * @throws {ShapeError | DTypeError | OptionError} if the target does not fit the input, or names a class that is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html | torch.nn.functional.cross_entropy}
 * @example
 * const scores = tensor([[2, 0], [0, 2]]);
 * await crossEntropy(scores, tensor([0, 1], { dtype: "int32" })).item(); // => 0.126928
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyLossOptions = {}): Tensor {
  const complete = crossEntropyLossOptions("crossEntropy", options);
  const { weight, ignoreIndex, reduction, labelSmoothing } = complete;
  if (target.dtype === input.dtype) return softCrossEntropy(input, target, complete);
  checkClassTarget("crossEntropy", input, target);
  checkClassWeight("crossEntropy", input, weight);
  const ignored = checkLabels("crossEntropy", input, target, ignoring(ignoreIndex));
  if (input.ndim === 2 && !weight && labelSmoothing === 0 && reduction !== "none" && !ignored) {
    return hardCrossEntropy(input, target, reduction);
  }
  const logProbabilities = withBatch(input).logSoftmax(1);
  const classes = input.ndim === 1 ? target.unsqueeze(0) : target;
  const targets = classTargets(logProbabilities, classes, weight, ignoreIndex);
  let loss = pickedLosses(logProbabilities, targets, reduction);
  if (labelSmoothing > 0) {
    const spread = reducedByWeight(sumOverClasses(logProbabilities, weight), targets, reduction);
    const count = logProbabilities.shape[1] as number;
    loss = loss.mul(1 - labelSmoothing).add(spread.mul(labelSmoothing / count));
  }
  return reduction === "none" && input.ndim === 1 ? loss.squeeze(0) : loss;
}

/** The plain case of a training step, with the gradient in its closed form `(softmax(input) - oneHot(target)) / N`. */
function hardCrossEntropy(input: Tensor, target: Tensor, reduction: "mean" | "sum"): Tensor {
  const scores = input.detach();
  const classes = target.to("int32").unsqueeze(1);
  // The largest score first: log Σ exp(score) - score would lose the digits of a small loss between two large numbers.
  const shifted = scores.sub(scores.amax(1, { keepdim: true }));
  const losses = shifted.exp().sum(1, { keepdim: true }).log().sub(shifted.gather(1, classes));
  const out = reduction === "mean" ? losses.mean() : losses.sum();
  const scale = reduction === "mean" ? 1 / (input.shape[0] as number) : 1;
  return record("crossEntropy", [input], out, [input, classes], (grad, [saved, places]) => {
    const self = saved as Tensor;
    const hot = (places as Tensor)
      .squeeze(1)
      .oneHot(self.shape[1] as number)
      .to(self.dtype);
    return [self.softmax(1).sub(hot).mul(grad.mul(scale))];
  });
}

/** `-Σ weight logProbabilities` over the classes. */
const sumOverClasses = (logProbabilities: Tensor, weight: Tensor | null): Tensor =>
  (weight ? logProbabilities.mul(perClass(weight, logProbabilities)) : logProbabilities).sum(1).neg();

/** [C] as something that broadcasts over [N, C, ...]. */
const perClass = (weight: Tensor, scores: Tensor): Tensor =>
  weight.reshape([weight.numel, ...new Array<number>(scores.ndim - 2).fill(1)]);

/** Targets that are probabilities. */
function softCrossEntropy(
  input: Tensor,
  target: Tensor,
  { weight, ignoreIndex, reduction, labelSmoothing }: Required<CrossEntropyLossOptions>,
): Tensor {
  if (shapeText(target) !== shapeText(input) || input.ndim === 0) {
    throw new ShapeError(
      "crossEntropy",
      `the input ${shapeText(input)} and the target ${shapeText(target)} do not fit`,
      'Probabilities have the shape of the input; class numbers are integers: target.to("int32").',
    );
  }
  if (ignoreIndex >= 0) {
    throw new OptionError(
      "crossEntropy",
      `ignoreIndex is ${ignoreIndex}, and the target ${shapeText(target)} has probabilities`,
      "Only class numbers can be ignored. Leave ignoreIndex out, or give class numbers.",
    );
  }
  checkClassWeight("crossEntropy", input, weight);
  const scores = withBatch(input);
  const goal = withBatch(target);
  const count = scores.shape[1] as number;
  const smoothed = labelSmoothing === 0 ? goal : goal.mul(1 - labelSmoothing).add(labelSmoothing / count);
  const weighted = weight ? smoothed.mul(perClass(weight, scores)) : smoothed;
  const losses = scores.logSoftmax(1).mul(weighted).sum(1).neg();
  if (reduction === "none") return input.ndim === 1 ? losses.squeeze(0) : losses;
  // Not the mean of the weights, as for class numbers: PyTorch divides by the number of samples here.
  return reduction === "sum" ? losses.sum() : losses.sum().div(scores.numel / count);
}
