import type { Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { checkSameShape } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface SmoothL1LossOptions extends LossOptions {
  /** Errors below it count as their square; at 0 this is the L1 loss. @defaultValue 1 */
  readonly beta?: number;
}

/** @throws {OptionError} if one is out of its range */
export function smoothL1LossOptions(
  where: string,
  { beta = 1, reduction = "mean" }: SmoothL1LossOptions,
): Required<SmoothL1LossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "beta", beta, { from: 0 });
  return { beta, reduction };
}

/**
 * With `d = |input - target|`: `d² / (2 beta)` below `beta`, `d - beta / 2` from there on. Shapes that differ are an error here, where
 * PyTorch warns and broadcasts.
 *
 * @param input - of any shape
 * @param target - of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html | torch.nn.functional.smooth_l1_loss}
 * @example
 * await smoothL1Loss(tensor([0.5, 4]), tensor([0, 0]), { reduction: "none" }).array(); // => [0.125, 3.5]
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta, reduction } = smoothL1LossOptions("smoothL1Loss", options);
  checkSameShape("smoothL1Loss", input, target);
  const distance = input.sub(target).abs();
  if (beta === 0) return reduced(distance, reduction);
  // As in the Huber loss, which this is divided by beta; divided first, for a beta whose square is no float.
  const cut = distance.clamp({ max: beta });
  return reduced(cut.div(beta).mul(distance.sub(cut.mul(0.5))), reduction);
}
