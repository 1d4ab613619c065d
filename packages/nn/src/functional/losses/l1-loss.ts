import type { Tensor } from "@anneal/tensor";
import { checkSameShape } from "./check-shapes.ts";
import { type LossOptions, lossOptions, reduced } from "./reduction.ts";

/**
 * Absolute error `|input - target|`. Shapes that differ are an error here, where PyTorch warns and broadcasts.
 *
 * @param input - of any shape
 * @param target - of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html | torch.nn.functional.l1_loss}
 * @example
 * await l1Loss(tensor([1, 2]), tensor([1, 4])).item(); // => 1
 */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = lossOptions("l1Loss", options);
  checkSameShape("l1Loss", input, target);
  return reduced(input.sub(target).abs(), reduction);
}
