import type { Tensor } from "@anneal/tensor";
import {
  type BCEWithLogitsLossOptions,
  bceWithLogitsLossOptions,
  binaryCrossEntropyWithLogits,
} from "../functional/losses/binary-cross-entropy-with-logits.ts";
import { Loss } from "./loss.ts";

/**
 * Binary cross entropy of scores: `-(posWeight target log σ(input) + (1 - target) log(1 - σ(input)))`, where σ is the sigmoid.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html | torch.nn.BCEWithLogitsLoss}
 * @example
 * const criterion = new BCEWithLogitsLoss({ posWeight: tensor([3, 1]) });
 * await criterion.forward(tensor([[0, 0]]), tensor([[1, 0]])).item(); // => 1.3862944
 */
export class BCEWithLogitsLoss extends Loss<BCEWithLogitsLossOptions> {
  constructor(options: BCEWithLogitsLossOptions = {}) {
    super("BCEWithLogitsLoss", bceWithLogitsLossOptions, options);
  }

  /**
   * @param input - scores before a sigmoid, of any shape
   * @param target - probabilities, of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, this.options);
  }
}
