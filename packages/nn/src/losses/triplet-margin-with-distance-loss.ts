import type { Tensor } from "@anneal/tensor";
import {
  type TripletMarginWithDistanceLossOptions,
  tripletMarginWithDistanceLoss,
  tripletMarginWithDistanceLossOptions,
} from "../functional/losses/triplet-margin-with-distance-loss.ts";
import { Loss } from "./loss.ts";

/**
 * {@link TripletMarginLoss} with a distance of your own.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html | torch.nn.TripletMarginWithDistanceLoss}
 * @example
 * const distanceFunction = (x1: Tensor, x2: Tensor) => x1.sub(x2).abs().amax(-1);
 * const criterion = new TripletMarginWithDistanceLoss({ distanceFunction });
 * await criterion.forward(tensor([[0, 0]]), tensor([[1, 2]]), tensor([[2, 0]])).item(); // => 1
 */
export class TripletMarginWithDistanceLoss extends Loss<TripletMarginWithDistanceLossOptions> {
  constructor(options: TripletMarginWithDistanceLossOptions = {}) {
    super("TripletMarginWithDistanceLoss", tripletMarginWithDistanceLossOptions, options);
  }

  /**
   * @param anchor - what the others are compared to, [N, ...]
   * @param positive - something like it, of as many dimensions
   * @param negative - something else, of as many dimensions
   * @returns a scalar, or the losses, shaped like what the distance function returns, if reduction is "none"
   */
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginWithDistanceLoss(anchor, positive, negative, this.options);
  }
}
