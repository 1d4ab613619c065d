import type { Tensor } from "@anneal/tensor";
import { checkCrossEntropyOptions, type NllOptions, nllLoss } from "../functional/losses/cross-entropy.ts";
import { Module } from "../module/module.ts";

/**
 * Negative log likelihood of classes: `-input[target]`, averaged over the batch.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html | torch.nn.NLLLoss}
 * @example
 * const criterion = new NLLLoss();
 * const loss = criterion.forward(tensor([[2, 0]]).logSoftmax(1), tensor([0], { dtype: "int32" }));
 */
export class NLLLoss extends Module {
  readonly #options: NllOptions;

  constructor(options: NllOptions = {}) {
    super();
    checkCrossEntropyOptions("NLLLoss", options);
    this.#options = options;
    if (options.weight) this.registerBuffer("weight", options.weight);
  }

  /**
   * @param input - log probabilities, [N, C], [C] or [N, C, ...]
   * @param target - class numbers, int32, [N], [] or [N, ...]
   */
  forward(input: Tensor, target: Tensor): Tensor {
    const weight = this.buffer("weight");
    return nllLoss(input, target, { ...this.#options, ...(weight && { weight }) });
  }
}
