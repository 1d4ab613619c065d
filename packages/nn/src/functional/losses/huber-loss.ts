import type { Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { checkSameShape } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface HuberLossOptions extends LossOptions {
  /** Errors above it count as much as they are, not as their square; above 0. @defaultValue 1 */
  readonly delta?: number;
}

/** @throws {OptionError} if one is out of its range */
export function huberLossOptions(
  where: string,
  { delta = 1, reduction = "mean" }: HuberLossOptions,
): Required<HuberLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "delta", delta, { above: 0 });
  return { delta, reduction };
}

/**
 * With `d = |input - target|`: `d² / 2` up to `delta`, `delta (d - delta / 2)` beyond. Shapes that differ are an error here, where PyTorch
 * warns and broadcasts.
 *
 * @param input - of any shape
 * @param target - of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html | torch.nn.functional.huber_loss}
 * @example
 * await huberLoss(tensor([0.5, 4]), tensor([0, 0]), { reduction: "none" }).array(); // => [0.125, 3.5]
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta, reduction } = huberLossOptions("huberLoss", options);
  checkSameShape("huberLoss", input, target);
  const distance = input.sub(target).abs();
  // With c = min(d, delta) both branches are c (d - c / 2), in value and gradient, and an infinite d gets no NaN from the branch not taken.
  const cut = distance.clamp({ max: delta });
  return reduced(cut.mul(distance.sub(cut.mul(0.5))), reduction);
}
