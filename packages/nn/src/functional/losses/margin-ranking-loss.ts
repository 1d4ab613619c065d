import { ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { shapeText } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface MarginRankingLossOptions extends LossOptions {
  /** How much higher the better one must be ranked to cost nothing. @defaultValue 0 */
  readonly margin?: number;
}

/** @throws {OptionError} if one is out of its range */
export function marginRankingLossOptions(
  where: string,
  { margin = 0, reduction = "mean" }: MarginRankingLossOptions,
): Required<MarginRankingLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "margin", margin);
  return { margin, reduction };
}

/**
 * Which of two is better: `max(0, -target (input1 - input2) + margin)`.
 *
 * @param input1 - scores, [N] or []
 * @param input2 - scores of the others; the three broadcast, but need as many dimensions
 * @param target - 1 if the first should be ranked higher, -1 if the second
 * @returns a scalar, or the losses, of the shape the three broadcast to, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html | torch.nn.functional.margin_ranking_loss}
 * @example
 * await marginRankingLoss(tensor([3, 1]), tensor([2, 2]), tensor([1, 1])).item(); // => 0.5
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginRankingLossOptions = {},
): Tensor {
  const { margin, reduction } = marginRankingLossOptions("marginRankingLoss", options);
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new ShapeError(
      "marginRankingLoss",
      `input1 ${shapeText(input1)}, input2 ${shapeText(input2)} and the target ${shapeText(target)} have different numbers of dimensions`,
      "Reshape them: sizes of 1 are broadcast, missing ones are not.",
    );
  }
  const losses = target.neg().mul(input1.sub(input2)).add(margin).clamp({ min: 0 });
  return reduced(losses, reduction);
}
