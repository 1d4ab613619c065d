import type { Tensor } from "@anneal/tensor";
import { type BCELossOptions, bceLossOptions } from "../functional/losses/binary-cross-entropy.ts";
import { multilabelSoftMarginLoss } from "../functional/losses/multilabel-soft-margin-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Each class by itself, one against all: the binary cross entropy of scores, averaged over the classes.
 *
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html | torch.nn.MultiLabelSoftMarginLoss}
 * @example
 * const criterion = new MultiLabelSoftMarginLoss();
 * await criterion.forward(tensor([[0, 1000, -1000]]), tensor([[1, 1, 0]])).item(); // => 0.2310491
 */
export class MultiLabelSoftMarginLoss extends Loss<BCELossOptions> {
  constructor(options: BCELossOptions = {}) {
    super("MultiLabelSoftMarginLoss", bceLossOptions, options);
  }

  /**
   * @param input - scores before a sigmoid, [C] or [..., C]
   * @param target - 1 for each class that is there, 0 for others, of the same shape
   * @returns a scalar, or a loss for each sample, [...], if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, this.options);
  }
}
