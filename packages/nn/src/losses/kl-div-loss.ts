import type { Tensor } from "@anneal/tensor";
import { type KLDivLossOptions, klDiv, klDivLossOptions } from "../functional/losses/kl-div.ts";
import { Loss } from "./loss.ts";

/**
 * Kullback-Leibler divergence `target (log target - input)` of the target from the input. The default reduction, as PyTorch's, averages over
 * all elements, which is no divergence: use "batchmean", the sum divided by the number of samples. Shapes that differ are an error here,
 * where PyTorch broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html | torch.nn.KLDivLoss}
 * @example
 * const criterion = new KLDivLoss({ reduction: "batchmean" });
 * await criterion.forward(tensor([[0.5, 0.5]]).log(), tensor([[1, 0]])).item(); // => 0.6931472
 */
export class KLDivLoss extends Loss<KLDivLossOptions> {
  constructor(options: KLDivLossOptions = {}) {
    super("KLDivLoss", klDivLossOptions, options);
  }

  /**
   * @param input - log probabilities, [N, ...]
   * @param target - probabilities, or their logarithms with `logTarget`, of the same shape
   * @returns a scalar, or the terms, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.options);
  }
}
