import type { Tensor } from "@anneal/tensor";
import { type NLLLossOptions, nllLoss, nllLossOptions } from "../functional/losses/nll-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Negative log likelihood of classes: `-input[target]`, averaged over the batch.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html | torch.nn.NLLLoss}
 * @example
 * const criterion = new NLLLoss();
 * const loss = criterion.forward(tensor([[2, 0]]).logSoftmax(1), tensor([0], { dtype: "int32" }));
 */
export class NLLLoss extends Loss<NLLLossOptions> {
  constructor(options: NLLLossOptions = {}) {
    super("NLLLoss", nllLossOptions, options);
  }

  /**
   * @param input - log probabilities, [N, C], [C] or [N, C, ...]
   * @param target - class numbers, int32, [N], [] or [N, ...]
   * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, this.options);
  }
}
