import { arange, isGradEnabled, OptionError, record, ShapeError, stack, type Tensor, where } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { shapeText } from "./check-shapes.ts";
import { checkLabels } from "./class-targets.ts";
import { beginnings, emissionsOf, endings, type Lattice, latticeOf, sumByClass } from "./ctc-paths.ts";
import { type Lengths, labelsOf, lengthsOf } from "./ctc-targets.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface CTCLossOptions extends LossOptions {
  /** The class that stands for no label. @defaultValue 0 */
  readonly blank?: number;
  /**
   * Let samples whose labels do not fit into their steps cost nothing and have no gradient, instead of an infinite loss and one of NaN.
   * @defaultValue false
   */
  readonly zeroInfinity?: boolean;
}

/** @throws {OptionError} if one is out of its range */
export function ctcLossOptions(
  where: string,
  { blank = 0, zeroInfinity = false, reduction = "mean" }: CTCLossOptions,
): Required<CTCLossOptions> {
  checkReduction(where, reduction);
  checkSize(where, "blank", blank, 0);
  return { blank, zeroInfinity, reduction };
}

/**
 * Connectionist temporal classification: `-log` of the probability that the steps spell the labels, each label at one or more steps in
 * a row, with blanks wherever they like (and at least one between two labels that are the same).
 *
 * As PyTorch's, the gradient of `logProbs` is right only after a `logSoftmax` over the classes, which is what makes it that of the scores.
 *
 * @param logProbs - log probabilities, [T, N, C], or [T, C] for one sample
 * @param targets - labels, int32: [N, S], of which each row's first ones count; or those of all samples, one after the other
 * @param inputLengths - steps of each sample, [N] or a number, up to T
 * @param targetLengths - labels of each sample, [N] or a number
 * @returns a scalar; or the losses, [N] or [], if reduction is "none". The mean is that of the losses divided by their numbers of labels.
 * @throws {ShapeError | DTypeError | OptionError} if something does not fit; what is read from tensors, on devices that hand out numbers
 *   while you wait
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html | torch.nn.functional.ctc_loss}
 * @see {@link https://www.cs.toronto.edu/~graves/icml_2006.pdf | Connectionist Temporal Classification, Graves et al. 2006}
 * @example
 * const logProbs = zeros([2, 1, 3]).logSoftmax(2);
 * const targets = tensor([[1]], { dtype: "int32" });
 * // Three of nine ways: 1 1, 1 blank, blank 1.
 * await ctcLoss(logProbs, targets, [2], [1]).item(); // => 1.0986123
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options: CTCLossOptions = {},
): Tensor {
  const { blank, zeroInfinity, reduction } = ctcLossOptions("ctcLoss", options);
  const batched = logProbs.ndim === 3;
  if ((!batched && logProbs.ndim !== 2) || logProbs.numel === 0) {
    throw new ShapeError(
      "ctcLoss",
      `logProbs has the shape ${shapeText(logProbs)}`,
      "Give log probabilities, [T, N, C] or [T, C].",
    );
  }
  const scores = batched ? logProbs : logProbs.unsqueeze(1);
  const [count, , classes] = scores.shape as [number, number, number];
  if (blank >= classes) {
    throw new OptionError(
      "ctcLoss",
      `blank is ${blank}, logProbs ${shapeText(logProbs)} has ${classes} classes`,
      `Give one of them, 0 to ${classes - 1}.`,
    );
  }
  const steps = lengthsOf("inputLengths", inputLengths, scores, count);
  const lengths = lengthsOf("targetLengths", targetLengths, scores, targets.shape[1] ?? targets.numel);
  const labels = labelsOf(targets, lengths, blank);
  checkLabels("ctcLoss", logProbs, labels, null, { names: ["targets", "logProbs"], count: classes });
  const lattice = latticeOf(labels, lengths.each, steps.each, blank);
  const losses = pathLosses(scores.narrow(0, 0, Math.max(1, steps.most)), lattice, zeroInfinity);
  if (reduction === "none") return batched ? losses : losses.squeeze(0);
  return reduced(reduction === "sum" ? losses : losses.div(lengths.each.squeeze(1).clamp({ min: 1 })), reduction);
}

/** Of [T, N, C]: for each sample, `-log` of the sum over all paths of the product of their steps. */
function pathLosses(scores: Tensor, lattice: Lattice, zeroInfinity: boolean): Tensor {
  const emissions = emissionsOf(scores.detach(), lattice);
  const { paths, offset } = beginnings(emissions, lattice);
  const total = where(lattice.ends, paths.at(-1) as Tensor, -Infinity)
    .logsumexp(1)
    .add(offset.squeeze(1));
  const infeasible = total.eq(-Infinity);
  const losses = where(infeasible, zeroInfinity ? 0 : Infinity, total.neg());
  if (!scores.requiresGrad || !isGradEnabled()) return losses;
  const { symbols, skips, ends, steps } = lattice;
  const saved = [scores, stack(paths), infeasible, symbols, skips, ends, steps];
  return record("ctcLoss", [scores], losses, saved, (grad, saved) => {
    const [input, before, infeasible, symbols, skips, ends, steps] = saved as Saved;
    const lattice = { symbols, skips, ends, steps };
    const emissions = emissionsOf(input, lattice);
    // Gradients of this gradient must see that the paths depend on the input, so then they come from it anew.
    const beginning = isGradEnabled() ? stack(beginnings(emissions, lattice).paths) : before;
    const through = beginning.add(stack(endings(emissions, lattice)));
    // How likely a path is at each place: of all that there is at this step, so that the size of the numbers does not matter.
    const occupied = sumByClass(
      where(infeasible.unsqueeze(1), 0, through).softmax(2),
      lattice,
      input.shape[2] as number,
    );
    // The slope is -occupied. PyTorch adds the probability itself, which a log-softmax behind it would add anyhow, and so do we.
    const slope = input.exp().sub(occupied).mul(grad.unsqueeze(1));
    const feasible = where(infeasible.unsqueeze(1), zeroInfinity ? 0 : Number.NaN, slope);
    const times = arange(input.shape[0] as number, { dtype: "int32", device: input.device });
    return [where(times.reshape([-1, 1, 1]).lt(steps), feasible, 0)];
  });
}

type Saved = [
  input: Tensor,
  before: Tensor,
  infeasible: Tensor,
  symbols: Tensor,
  skips: Tensor,
  ends: Tensor,
  steps: Tensor,
];
