import { OptionError, record, type Tensor } from "@anneal/tensor";
import { checkSameShape, checkSpreads } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface BCELossOptions extends LossOptions {
  /** A factor for each loss, of a shape that broadcasts to the input's. The mean is not divided by it. @defaultValue null */
  readonly weight?: Tensor | null;
}

/** @throws {OptionError} if the reduction is none */
export function bceLossOptions(
  where: string,
  { weight = null, reduction = "mean" }: BCELossOptions,
): Required<BCELossOptions> {
  checkReduction(where, reduction);
  return { weight, reduction };
}

/** Logarithms below count as this, so that a loss is finite. */
const LEAST_LOG = -100;
/** What the slope is divided by is at least this. PyTorch's constant is a float32, in float64 too. */
const LEAST_VARIANCE = Math.fround(1e-12);

/**
 * Binary cross entropy of probabilities: `-(target log input + (1 - target) log(1 - input))`, with logarithms of at least -100.
 *
 * Scores before a sigmoid belong into {@link binaryCrossEntropyWithLogits}, which keeps more digits. The gradient of a target is finite
 * where the input is 0 or 1; PyTorch's is not.
 *
 * @param input - probabilities, of any shape
 * @param target - probabilities, of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if a number is not from 0 to 1 (on devices that hand out numbers while you wait)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html | torch.nn.functional.binary_cross_entropy}
 * @example
 * await binaryCrossEntropy(tensor([0.75]), tensor([1])).item(); // => 0.2876821
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  const { weight, reduction } = bceLossOptions("binaryCrossEntropy", options);
  checkSameShape("binaryCrossEntropy", input, target);
  checkSpreads("binaryCrossEntropy", "weight", weight, input);
  checkProbabilities("input", input, "Scores become probabilities by x.sigmoid(), or use binaryCrossEntropyWithLogits");
  checkProbabilities("target", target, "Give probabilities, from 0 to 1");
  const [x, t] = [input.detach(), target.detach()];
  const losses = t
    .mul(logOf(x))
    .add(t.neg().add(1).mul(logOfRest(x)))
    .neg();
  const recorded = record("binaryCrossEntropy", [input, target], losses, [input, target], (grad, saved, needs) => {
    const [p, t] = saved as [Tensor, Tensor];
    // Where a logarithm is cut off, its own slope would be 0: the loss of a certain and wrong answer must be able to fall.
    const slope = (): Tensor => p.sub(t).div(p.neg().add(1).mul(p).clamp({ min: LEAST_VARIANCE }));
    return [needs[0] ? grad.mul(slope()) : null, needs[1] ? grad.mul(logOfRest(p).sub(logOf(p))) : null];
  });
  return reduced(weight ? recorded.mul(weight) : recorded, reduction);
}

const logOf = (p: Tensor): Tensor => p.log().clamp({ min: LEAST_LOG });
const logOfRest = (p: Tensor): Tensor => p.neg().log1p().clamp({ min: LEAST_LOG });

function checkProbabilities(name: string, tensor: Tensor, mend: string): void {
  if (!tensor.device.readSync) return;
  const numbers = tensor.detach().realize();
  if (numbers.ge(0).logicalAnd(numbers.le(1)).all().itemSync()) return;
  const wrong = Array.from(numbers.dataSync(), Number).find((each) => !(each >= 0 && each <= 1));
  throw new OptionError("binaryCrossEntropy", `the ${name} has a ${wrong}, which is no probability`, `${mend}.`);
}
