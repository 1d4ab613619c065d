import type { Tensor } from "@anneal/tensor";
import {
  type CrossEntropyLossOptions,
  crossEntropy,
  crossEntropyLossOptions,
} from "../functional/losses/cross-entropy.ts";
import { Loss } from "./loss.ts";

/**
 * Cross entropy between scores and classes: `-log softmax(input)[target]`, averaged over the batch.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html | torch.nn.CrossEntropyLoss}
 * @example
 * const criterion = new CrossEntropyLoss();
 * const loss = criterion.forward(tensor([[2, 0]]), tensor([0], { dtype: "int32" }));
 */
export class CrossEntropyLoss extends Loss<CrossEntropyLossOptions> {
  constructor(options: CrossEntropyLossOptions = {}) {
    super("CrossEntropyLoss", crossEntropyLossOptions, options);
  }

  /**
   * @param input - scores before any softmax, [N, C], [C] or [N, C, ...]
   * @param target - class numbers, int32, [N], [] or [N, ...]; or probabilities, float32, of the shape of `input`
   * @returns a scalar, or a loss for each sample if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options);
  }
}
