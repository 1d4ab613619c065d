import type { Tensor } from "@anneal/tensor";
import {
  type PoissonNLLLossOptions,
  poissonNllLoss,
  poissonNllLossOptions,
} from "../functional/losses/poisson-nll-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Negative log likelihood of a count under a Poisson distribution: `exp(input) - target input`, or `input - target log(input + eps)`
 * without `logInput`; without the constant `log target!` unless `full`. Shapes that differ are an error here, where PyTorch broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html | torch.nn.PoissonNLLLoss}
 * @example
 * const criterion = new PoissonNLLLoss();
 * await criterion.forward(tensor([0, 0]), tensor([3, 0])).item(); // => 1
 */
export class PoissonNLLLoss extends Loss<PoissonNLLLossOptions> {
  constructor(options: PoissonNLLLossOptions = {}) {
    super("PoissonNLLLoss", poissonNllLossOptions, options);
  }

  /**
   * @param input - the logarithm of the expected number (or that number), of any shape
   * @param target - counts, of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(input, target, this.options);
  }
}
