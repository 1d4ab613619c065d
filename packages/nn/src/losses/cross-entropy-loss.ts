import type { Tensor } from "@anneal/tensor";
import {
  type CrossEntropyOptions,
  checkCrossEntropyOptions,
  crossEntropy,
} from "../functional/losses/cross-entropy.ts";
import { Module } from "../module/module.ts";

/**
 * Cross entropy between scores and classes: `-log softmax(input)[target]`, averaged over the batch.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html | torch.nn.CrossEntropyLoss}
 * @example
 * const criterion = new CrossEntropyLoss();
 * const loss = criterion.forward(tensor([[2, 0]]), tensor([0], { dtype: "int32" }));
 */
export class CrossEntropyLoss extends Module {
  readonly #options: CrossEntropyOptions;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    checkCrossEntropyOptions("CrossEntropyLoss", options);
    this.#options = options;
    if (options.weight) this.registerBuffer("weight", options.weight);
  }

  /**
   * @param input - scores before any softmax, [N, C], [C] or [N, C, ...]
   * @param target - class numbers, int32, [N], [] or [N, ...]; or probabilities, float32, of the shape of `input`
   */
  forward(input: Tensor, target: Tensor): Tensor {
    const weight = this.buffer("weight");
    return crossEntropy(input, target, { ...this.#options, ...(weight && { weight }) });
  }
}
