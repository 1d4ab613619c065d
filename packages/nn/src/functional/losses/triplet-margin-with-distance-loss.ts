import { ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { pairwiseDistance } from "../pairwise-distance.ts";
import { shapeText } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

/** How far apart two batches of things are, one number for each two. */
export type DistanceFunction = (x1: Tensor, x2: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** @defaultValue pairwiseDistance, the length of the difference */
  readonly distanceFunction?: DistanceFunction;
  /** How much farther the negative must be to cost nothing; above 0. @defaultValue 1 */
  readonly margin?: number;
  /** Let the negative be as far from the anchor as from the positive, if that is nearer. @defaultValue false */
  readonly swap?: boolean;
}

/** @throws {OptionError} if one is out of its range */
export function tripletMarginWithDistanceLossOptions(
  where: string,
  {
    distanceFunction = pairwiseDistance,
    margin = 1,
    swap = false,
    reduction = "mean",
  }: TripletMarginWithDistanceLossOptions,
): Required<TripletMarginWithDistanceLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "margin", margin, { above: 0 });
  return { distanceFunction, margin, swap, reduction };
}

/**
 * {@link tripletMarginLoss} with a distance of your own.
 *
 * @param anchor - what the others are compared to, [N, ...]
 * @param positive - something like it, of as many dimensions
 * @param negative - something else, of as many dimensions
 * @returns a scalar, or the losses, shaped like what the distance function returns, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_with_distance_loss.html | torch.nn.functional.triplet_margin_with_distance_loss}
 * @example
 * const distanceFunction = (x1: Tensor, x2: Tensor) => x1.sub(x2).abs().amax(-1);
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 2]]), tensor([[2, 0]])];
 * await tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction }).item(); // => 1
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor {
  const complete = tripletMarginWithDistanceLossOptions("tripletMarginWithDistanceLoss", options);
  return tripletLoss("tripletMarginWithDistanceLoss", [anchor, positive, negative], complete);
}

/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. */
export function tripletLoss(
  where: string,
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  { distanceFunction: distance, margin, swap, reduction }: Required<TripletMarginWithDistanceLossOptions>,
): Tensor {
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    throw new ShapeError(
      where,
      `anchor ${shapeText(anchor)}, positive ${shapeText(positive)} and negative ${shapeText(negative)} have different numbers of dimensions`,
      "Reshape them: sizes of 1 are broadcast, missing ones are not.",
    );
  }
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const farthest = swap ? far.minimum(distance(positive, negative)) : far;
  return reduced(near.sub(farthest).add(margin).clamp({ min: 0 }), reduction);
}
