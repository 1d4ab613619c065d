import type { Tensor } from "@anneal/tensor";
import {
  type GaussianNLLLossOptions,
  gaussianNllLoss,
  gaussianNllLossOptions,
} from "../functional/losses/gaussian-nll-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Negative log likelihood under a normal distribution: `(log variance + (input - target)² / variance) / 2`.
 *
 * The gradient of the variance is that of the larger of it and `eps`: it does not vanish below `eps`, so that the variance can grow again.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html | torch.nn.GaussianNLLLoss}
 * @example
 * const criterion = new GaussianNLLLoss();
 * await criterion.forward(tensor([1, 5]), tensor([3, 5]), tensor([1, 1])).item(); // => 1
 */
export class GaussianNLLLoss extends Loss<GaussianNLLLossOptions> {
  constructor(options: GaussianNLLLossOptions = {}) {
    super("GaussianNLLLoss", gaussianNllLossOptions, options);
  }

  /**
   * @param input - expected values, [N, ...] or [...]
   * @param target - of the same shape, or with sizes 1 that broadcast
   * @param variance - of the same shape; without the last dimension; with one size 1; or a number
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    return gaussianNllLoss(input, target, variance, this.options);
  }
}
