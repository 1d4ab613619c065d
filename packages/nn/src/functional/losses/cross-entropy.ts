import { DTypeError, OptionError, record, ShapeError, type Tensor, where } from "@anneal/tensor";

/** What becomes of the losses of a batch. */
export type Reduction = "none" | "mean" | "sum";

export interface CrossEntropyOptions {
  /** A factor for each class, [C]. The mean is then weighted by those of the targets. */
  readonly weight?: Tensor | null;
  /** Targets of this number do not count. @defaultValue -100 */
  readonly ignoreIndex?: number;
  /** @defaultValue "mean" */
  readonly reduction?: Reduction;
  /** How much of each target is spread evenly over all classes, 0 to 1. @defaultValue 0 */
  readonly labelSmoothing?: number;
}

export type NllOptions = Omit<CrossEntropyOptions, "labelSmoothing">;

export function checkCrossEntropyOptions(
  where: string,
  { reduction = "mean", labelSmoothing = 0 }: CrossEntropyOptions,
): void {
  if (!["none", "mean", "sum"].includes(reduction)) {
    throw new OptionError(where, `reduction is "${reduction}"`, 'Give "none", "mean" or "sum".');
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new OptionError(where, `labelSmoothing is ${labelSmoothing}`, "Give a number from 0 to 1.");
  }
}

/** Scores as [N, C, ...]. */
function withBatch(where: string, input: Tensor): Tensor {
  if (input.ndim === 0) throw new ShapeError(where, "the input is a scalar", "Give scores, [N, C] or [C].");
  return input.ndim === 1 ? input.unsqueeze(0) : input;
}

function checkTarget(where: string, input: Tensor, target: Tensor): void {
  const wanted = input.ndim === 1 ? [] : [input.shape[0] as number, ...input.shape.slice(2)];
  if (target.shape.join() !== wanted.join()) {
    throw new ShapeError(
      where,
      `the input [${input.shape.join(", ")}] and the target [${target.shape.join(", ")}] do not fit`,
      `Class numbers for this input have the shape [${wanted.join(", ")}].`,
    );
  }
  if (target.dtype !== "int32" && target.dtype !== "int64" && target.dtype !== "uint8") {
    throw new DTypeError(where, `the target is ${target.dtype}`, 'Class numbers are integers: target.to("int32").');
  }
}

function checkWeight(where: string, input: Tensor, weight: Tensor | null): void {
  const count = input.shape[input.ndim === 1 ? 0 : 1] as number;
  if (weight && weight.shape.join() !== String(count)) {
    throw new ShapeError(
      where,
      `the weight has the shape [${weight.shape.join(", ")}], the input [${input.shape.join(", ")}] has ${count} classes`,
      `Give one factor for each class, [${count}].`,
    );
  }
}

/**
 * Are some targets ignored? Where nobody can tell without waiting for the device, perhaps.
 *
 * @throws {OptionError} if a target is no class
 */
function someIgnored(where: string, input: Tensor, target: Tensor, ignoreIndex: number): boolean {
  if (!target.device.readSync) return true;
  const count = input.shape[input.ndim === 1 ? 0 : 1] as number;
  let ignored = false;
  for (const each of target.dataSync()) {
    const label = Number(each);
    if (label === ignoreIndex) ignored = true;
    else if (label < 0 || label >= count) {
      throw new OptionError(
        where,
        `the target has a class ${label}, the input [${input.shape.join(", ")}] has ${count}`,
        `Classes are numbered from 0 to ${count - 1}, and ignoreIndex is ${ignoreIndex}.`,
      );
    }
  }
  return ignored;
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
export function nllLoss(input: Tensor, target: Tensor, options: NllOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean" } = options;
  checkCrossEntropyOptions("nllLoss", options);
  checkTarget("nllLoss", input, target);
  checkWeight("nllLoss", input, weight);
  someIgnored("nllLoss", input, target, ignoreIndex);
  const scores = withBatch("nllLoss", input);
  const classes = (input.ndim === 1 ? target.reshape([1]) : target).to("int32");
  const counted = classes.ne(ignoreIndex);
  const safe = where(counted, classes, 0);
  const picked = scores.gather(1, safe.unsqueeze(1)).squeeze(1).neg();
  const factors = (weight ? weight.take(safe) : picked.detach().mul(0).add(1)).mul(counted.to(input.dtype));
  // A score of an ignored sample may be infinite: choose, do not multiply by 0.
  const losses = where(counted, weight ? picked.mul(factors) : picked, 0);
  if (reduction === "none") return input.ndim === 1 ? losses.squeeze(0) : losses;
  return reduction === "sum" ? losses.sum() : losses.sum().div(factors.sum());
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
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean", labelSmoothing = 0 } = options;
  checkCrossEntropyOptions("crossEntropy", options);
  checkWeight("crossEntropy", input, weight);
  if (target.dtype === input.dtype) return softCrossEntropy(input, target, options);
  checkTarget("crossEntropy", input, target);
  const ignored = someIgnored("crossEntropy", input, target, ignoreIndex);
  if (input.ndim === 2 && !weight && labelSmoothing === 0 && reduction !== "none" && !ignored) {
    return hardCrossEntropy(input, target, reduction);
  }
  const scores = withBatch("crossEntropy", input);
  const logProbabilities = scores.logSoftmax(1);
  const classes = input.ndim === 1 ? target.reshape([1]) : target;
  const hard = nllLoss(logProbabilities, classes, { weight, ignoreIndex, reduction });
  const loss = labelSmoothing === 0 ? hard : smooth(logProbabilities, classes, hard, options);
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

/** Part of every target is spread over all classes. */
function smooth(logProbabilities: Tensor, classes: Tensor, hard: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean", labelSmoothing = 0 } = options;
  const count = logProbabilities.shape[1] as number;
  const rank = logProbabilities.ndim - 2;
  const factors = weight?.reshape([count, ...new Array<number>(rank).fill(1)]);
  const counted = classes.to("int32").ne(ignoreIndex);
  const all = (factors ? logProbabilities.mul(factors) : logProbabilities).sum(1).neg();
  const losses = where(counted, all, 0);
  let spread = losses;
  if (reduction === "sum") spread = losses.sum();
  else if (reduction === "mean") {
    const safe = where(counted, classes.to("int32"), 0);
    const weights = (weight ? weight.take(safe) : losses.detach().mul(0).add(1)).mul(counted.to(losses.dtype));
    spread = losses.sum().div(weights.sum());
  }
  return hard.mul(1 - labelSmoothing).add(spread.mul(labelSmoothing / count));
}

/** Targets that are probabilities. */
function softCrossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight = null, reduction = "mean", labelSmoothing = 0 } = options;
  if (target.shape.join() !== input.shape.join()) {
    throw new ShapeError(
      "crossEntropy",
      `the input [${input.shape.join(", ")}] and the target [${target.shape.join(", ")}] do not fit`,
      'Probabilities have the shape of the input; class numbers are integers: target.to("int32").',
    );
  }
  const scores = withBatch("crossEntropy", input);
  const goal = input.ndim === 1 ? target.unsqueeze(0) : target;
  const count = scores.shape[1] as number;
  const smoothed = labelSmoothing === 0 ? goal : goal.mul(1 - labelSmoothing).add(labelSmoothing / count);
  const factors = weight?.reshape([count, ...new Array<number>(scores.ndim - 2).fill(1)]);
  const weighted = factors ? smoothed.mul(factors) : smoothed;
  const losses = scores.logSoftmax(1).mul(weighted).sum(1).neg();
  if (reduction === "none") return input.ndim === 1 ? losses.squeeze(0) : losses;
  return reduction === "sum" ? losses.sum() : losses.sum().div(scores.numel / count);
}
