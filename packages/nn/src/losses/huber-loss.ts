import type { Tensor } from "@anneal/tensor";
import { type HuberLossOptions, huberLoss, huberLossOptions } from "../functional/losses/huber-loss.ts";
import { Loss } from "./loss.ts";

/**
 * With `d = |input - target|`: `d² / 2` up to `delta`, `delta (d - delta / 2)` beyond. Shapes that differ are an error here, where PyTorch
 * warns and broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html | torch.nn.HuberLoss}
 * @example
 * const criterion = new HuberLoss({ delta: 2 });
 * await criterion.forward(tensor([1, 2]), tensor([0, 6])).item(); // => 3.25
 */
export class HuberLoss extends Loss<HuberLossOptions> {
  constructor(options: HuberLossOptions = {}) {
    super("HuberLoss", huberLossOptions, options);
  }

  /**
   * @param input - of any shape
   * @param target - of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.options);
  }
}
