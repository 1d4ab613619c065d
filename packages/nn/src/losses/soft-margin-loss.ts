import type { Tensor } from "@anneal/tensor";
import { type LossOptions, lossOptions } from "../functional/losses/reduction.ts";
import { softMarginLoss } from "../functional/losses/soft-margin-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Logistic loss of two classes: `log(1 + exp(-target input))`, averaged. Finite where PyTorch's overflows.
 *
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html | torch.nn.SoftMarginLoss}
 * @example
 * const criterion = new SoftMarginLoss();
 * await criterion.forward(tensor([1000, 1000]), tensor([1, -1])).item(); // => 500
 */
export class SoftMarginLoss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super("SoftMarginLoss", lossOptions, options);
  }

  /**
   * @param input - scores, of any shape
   * @param target - 1 or -1, of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, this.options);
  }
}
