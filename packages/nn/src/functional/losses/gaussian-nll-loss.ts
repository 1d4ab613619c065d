import { OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { atLeast } from "../at-least.ts";
import { shapeText } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface GaussianNLLLossOptions extends LossOptions {
  /** Add the constant `log(2π) / 2`. @defaultValue false */
  readonly full?: boolean;
  /** The variance counts as at least this. @defaultValue 1e-6 */
  readonly eps?: number;
}

/** @throws {OptionError} if one is out of its range */
export function gaussianNllLossOptions(
  where: string,
  { full = false, eps = 1e-6, reduction = "mean" }: GaussianNLLLossOptions,
): Required<GaussianNLLLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "eps", eps, { from: 0 });
  return { full, eps, reduction };
}

/**
 * Negative log likelihood under a normal distribution: `(log variance + (input - target)² / variance) / 2`.
 *
 * The gradient of the variance is that of the larger of it and `eps`: it does not vanish below `eps`, so that the variance can grow again.
 *
 * @param input - expected values, [N, ...] or [...]
 * @param target - of the same shape, or with sizes 1 that broadcast
 * @param variance - of the same shape; without the last dimension; with one size 1; or a number
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an option is out of its range, or a variance is below 0 (on devices that hand out numbers while you wait)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html | torch.nn.functional.gaussian_nll_loss}
 * @example
 * await gaussianNllLoss(tensor([1, 5]), tensor([3, 5]), tensor([1, 1])).item(); // => 1
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianNLLLossOptions = {},
): Tensor {
  const { full, eps, reduction } = gaussianNllLossOptions("gaussianNllLoss", options);
  const fits = target.ndim === input.ndim && target.shape.every((size, d) => size === input.shape[d] || size === 1);
  if (!fits) {
    throw new ShapeError(
      "gaussianNllLoss",
      `the input ${shapeText(input)} and the target ${shapeText(target)} do not fit`,
      "The target has the shape of the input, or sizes 1 that broadcast.",
    );
  }
  checkVariance(variance);
  const squares = input.sub(target).square();
  const used = typeof variance === "number" ? Math.max(variance, eps) : atLeast(spreadVariance(input, variance), eps);
  const logarithm = typeof used === "number" ? Math.log(used) : used.log();
  const losses = squares.div(used).add(logarithm).mul(0.5);
  return reduced(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

/** The variance in a shape that broadcasts to the input's. */
function spreadVariance(input: Tensor, variance: Tensor): Tensor {
  const [wanted, given] = [shapeText(input), shapeText(variance)];
  if (wanted === given) return variance;
  if (shapeText({ shape: input.shape.slice(0, -1) }) === given) return variance.unsqueeze(-1);
  const others = variance.shape.filter((size, d) => size !== input.shape[d]);
  if (variance.ndim === input.ndim && others.length === 1 && others[0] === 1) return variance;
  throw new ShapeError(
    "gaussianNllLoss",
    `the input ${wanted} and the variance ${given} do not fit`,
    "The variance has the shape of the input, lacks its last dimension, or has size 1 in one dimension.",
  );
}

function checkVariance(variance: Tensor | number): void {
  let least = variance;
  if (typeof least !== "number") {
    if (!least.device.readSync || least.numel === 0) return;
    least = least.detach().realize().amin().itemSync();
  }
  if (least < 0) {
    throw new OptionError("gaussianNllLoss", `the variance has a ${least}`, "Give variances from 0 on: y.softplus().");
  }
}
