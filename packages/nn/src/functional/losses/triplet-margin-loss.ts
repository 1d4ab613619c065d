import type { Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { pairwiseDistance } from "../pairwise-distance.ts";
import {
  type TripletMarginWithDistanceLossOptions,
  tripletLoss,
  tripletMarginWithDistanceLossOptions,
} from "./triplet-margin-with-distance-loss.ts";

export interface TripletMarginLossOptions extends Omit<TripletMarginWithDistanceLossOptions, "distanceFunction"> {
  /** Order of the norm of a difference. @defaultValue 2 */
  readonly p?: number;
  /** Added to each difference, so that a distance is never quite 0, where it has no gradient. @defaultValue 1e-6 */
  readonly eps?: number;
}

/** @throws {OptionError} if one is out of its range */
export function tripletMarginLossOptions(
  where: string,
  { p = 2, eps = 1e-6, ...options }: TripletMarginLossOptions,
): Required<TripletMarginLossOptions> {
  const { margin, swap, reduction } = tripletMarginWithDistanceLossOptions(where, options);
  checkNumber(where, "p", p);
  checkNumber(where, "eps", eps);
  return { margin, p, eps, swap, reduction };
}

/**
 * An anchor should be nearer to something like it than to something else: `max(0, d(anchor, positive) - d(anchor, negative) + margin)`,
 * where d is the {@link pairwiseDistance}.
 *
 * @param anchor - vectors, [N, D] or [D]
 * @param positive - of the same shape, or with sizes 1 that broadcast
 * @param negative - of the same shape, or with sizes 1 that broadcast
 * @returns a scalar, or the losses, [N] or [], if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html | torch.nn.functional.triplet_margin_loss}
 * @example
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[3, 4]]), tensor([[0, 1]])];
 * await tripletMarginLoss(anchor, positive, negative, { eps: 0 }).item(); // => 5
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  const { p, eps, ...rest } = tripletMarginLossOptions("tripletMarginLoss", options);
  const distanceFunction = (x1: Tensor, x2: Tensor): Tensor => pairwiseDistance(x1, x2, { p, eps });
  return tripletLoss("tripletMarginLoss", [anchor, positive, negative], { ...rest, distanceFunction });
}
