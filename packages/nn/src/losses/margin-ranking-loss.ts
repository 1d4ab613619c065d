import type { Tensor } from "@anneal/tensor";
import {
  type MarginRankingLossOptions,
  marginRankingLoss,
  marginRankingLossOptions,
} from "../functional/losses/margin-ranking-loss.ts";
import { Loss } from "./loss.ts";

/**
 * Which of two is better: `max(0, -target (input1 - input2) + margin)`.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html | torch.nn.MarginRankingLoss}
 * @example
 * const criterion = new MarginRankingLoss();
 * await criterion.forward(tensor([3, 1]), tensor([2, 2]), tensor([1, 1])).item(); // => 0.5
 */
export class MarginRankingLoss extends Loss<MarginRankingLossOptions> {
  constructor(options: MarginRankingLossOptions = {}) {
    super("MarginRankingLoss", marginRankingLossOptions, options);
  }

  /**
   * @param input1 - scores, [N] or []
   * @param input2 - scores of the others; the three broadcast, but need as many dimensions
   * @param target - 1 if the first should be ranked higher, -1 if the second
   * @returns a scalar, or the losses, of the shape the three broadcast to, if reduction is "none"
   */
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, this.options);
  }
}
