import type { Tensor } from "@anneal/tensor";
import { l1Loss } from "../functional/losses/l1-loss.ts";
import { type LossOptions, lossOptions } from "../functional/losses/reduction.ts";
import { Loss } from "./loss.ts";

/**
 * Absolute error `|input - target|`, averaged. Shapes that differ are an error here, where PyTorch warns and broadcasts.
 *
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html | torch.nn.L1Loss}
 * @example
 * const criterion = new L1Loss();
 * await criterion.forward(tensor([1, 2]), tensor([1, 4])).item(); // => 1
 */
export class L1Loss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super("L1Loss", lossOptions, options);
  }

  /**
   * @param input - of any shape
   * @param target - of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.options);
  }
}
