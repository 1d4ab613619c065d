import type { Tensor } from "@anneal/tensor";
import { checkSameShape } from "./check-shapes.ts";
import { type LossOptions, lossOptions, reduced } from "./reduction.ts";

/**
 * Logistic loss of two classes: `log(1 + exp(-target input))`. Finite where PyTorch's overflows.
 *
 * @param input - scores, of any shape
 * @param target - 1 or -1, of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html | torch.nn.functional.soft_margin_loss}
 * @example
 * await softMarginLoss(tensor([1000, 1000]), tensor([1, -1]), { reduction: "none" }).array(); // => [0, 1000]
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = lossOptions("softMarginLoss", options);
  checkSameShape("softMarginLoss", input, target);
  return reduced(target.mul(input).logSigmoid().neg(), reduction);
}
