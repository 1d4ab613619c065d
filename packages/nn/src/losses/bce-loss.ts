import type { Tensor } from "@anneal/tensor";
import { type BCELossOptions, bceLossOptions, binaryCrossEntropy } from "../functional/losses/binary-cross-entropy.ts";
import { Loss } from "./loss.ts";

/**
 * Binary cross entropy of probabilities: `-(target log input + (1 - target) log(1 - input))`, with logarithms of at least -100.
 *
 * Scores before a sigmoid belong into {@link BCEWithLogitsLoss}, which keeps more digits.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html | torch.nn.BCELoss}
 * @example
 * const criterion = new BCELoss();
 * await criterion.forward(tensor([0.75, 0.5]), tensor([1, 0])).item(); // => 0.4904146
 */
export class BCELoss extends Loss<BCELossOptions> {
  constructor(options: BCELossOptions = {}) {
    super("BCELoss", bceLossOptions, options);
  }

  /**
   * @param input - probabilities, of any shape
   * @param target - probabilities, of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}
