import type { Tensor } from "@anneal/tensor";
import { mseLoss } from "../functional/losses/mse-loss.ts";
import { type LossOptions, lossOptions } from "../functional/losses/reduction.ts";
import { Loss } from "./loss.ts";

/**
 * Squared error `(input - target)²`, averaged. Shapes that differ are an error here, where PyTorch warns and broadcasts.
 *
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html | torch.nn.MSELoss}
 * @example
 * const criterion = new MSELoss();
 * await criterion.forward(tensor([1, 2]), tensor([1, 4])).item(); // => 2
 */
export class MSELoss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super("MSELoss", lossOptions, options);
  }

  /**
   * @param input - of any shape
   * @param target - of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}
