import type { Tensor } from "@anneal/tensor";
import {
  type MultiMarginLossOptions,
  multiMarginLoss,
  multiMarginLossOptions,
} from "../functional/losses/multi-margin-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Hinge loss of one class among many: `Σ max(0, margin - input[target] + input[i])^p / C` over the other classes i.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html | torch.nn.MultiMarginLoss}
 * @example
 * const criterion = new MultiMarginLoss();
 * await criterion.forward(tensor([[0, 0.5, 2, 0]]), tensor([1], { dtype: "int32" })).item(); // => 0.875
 */
export class MultiMarginLoss extends Loss<MultiMarginLossOptions> {
  constructor(options: MultiMarginLossOptions = {}) {
    super("MultiMarginLoss", multiMarginLossOptions, options);
  }

  /**
   * @param input - scores, [N, C] or [C]
   * @param target - class numbers, int32, [N] or []
   * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return multiMarginLoss(input, target, this.options);
  }
}
