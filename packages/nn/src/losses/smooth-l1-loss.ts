import type { Tensor } from "@anneal/tensor";
import { type SmoothL1LossOptions, smoothL1Loss, smoothL1LossOptions } from "../functional/losses/smooth-l1-loss.ts";
import { Loss } from "./loss.ts";

/**
 * With `d = |input - target|`: `d² / (2 beta)` below `beta`, `d - beta / 2` from there on. Shapes that differ are an error here, where
 * PyTorch warns and broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html | torch.nn.SmoothL1Loss}
 * @example
 * const criterion = new SmoothL1Loss({ beta: 2 });
 * await criterion.forward(tensor([1, 2]), tensor([0, 6])).item(); // => 1.625
 */
export class SmoothL1Loss extends Loss<SmoothL1LossOptions> {
  constructor(options: SmoothL1LossOptions = {}) {
    super("SmoothL1Loss", smoothL1LossOptions, options);
  }

  /**
   * @param input - of any shape
   * @param target - of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.options);
  }
}
