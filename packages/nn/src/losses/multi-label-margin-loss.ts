import type { Tensor } from "@anneal/tensor";
import { multilabelMarginLoss } from "../functional/losses/multilabel-margin-loss.ts";
import { type LossOptions, lossOptions } from "../functional/losses/reduction.ts";
import { Loss } from "./loss.ts";

/**
 * Hinge loss of several classes among many: `Σ max(0, 1 - input[j] + input[i]) / C` over the classes j of the target and all others i.
 *
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html | torch.nn.MultiLabelMarginLoss}
 * @example
 * const criterion = new MultiLabelMarginLoss();
 * await criterion.forward(tensor([[0, 0.5, 2, 0]]), tensor([[2, 1, -1, 0]], { dtype: "int32" })).item(); // => 0.25
 */
export class MultiLabelMarginLoss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super("MultiLabelMarginLoss", lossOptions, options);
  }

  /**
   * @param input - scores, [N, C] or [C]
   * @param target - the classes that are there, then -1, int32, of the same shape; what comes after the first -1 does not count
   * @returns a scalar, or the losses, [N] or [], if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, this.options);
  }
}
