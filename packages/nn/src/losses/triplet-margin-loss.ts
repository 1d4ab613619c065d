import type { Tensor } from "@anneal/tensor";
import {
  type TripletMarginLossOptions,
  tripletMarginLoss,
  tripletMarginLossOptions,
} from "../functional/losses/triplet-margin-loss.ts";
import { Loss } from "./loss.ts";

/**
 * An anchor should be nearer to something like it than to something else: `max(0, d(anchor, positive) - d(anchor, negative) + margin)`,
 * where d is the {@link PairwiseDistance}.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html | torch.nn.TripletMarginLoss}
 * @example
 * const criterion = new TripletMarginLoss({ eps: 0 });
 * await criterion.forward(tensor([[0, 0]]), tensor([[3, 4]]), tensor([[0, 1]])).item(); // => 5
 */
export class TripletMarginLoss extends Loss<TripletMarginLossOptions> {
  constructor(options: TripletMarginLossOptions = {}) {
    super("TripletMarginLoss", tripletMarginLossOptions, options);
  }

  /**
   * @param anchor - vectors, [N, D] or [D]
   * @param positive - of the same shape, or with sizes 1 that broadcast
   * @param negative - of the same shape, or with sizes 1 that broadcast
   * @returns a scalar, or the losses, [N] or [], if reduction is "none"
   */
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginLoss(anchor, positive, negative, this.options);
  }
}
