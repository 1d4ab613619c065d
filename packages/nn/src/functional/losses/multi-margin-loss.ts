import { arange, OptionError, ShapeError, type Tensor, where } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { shapeText } from "./check-shapes.ts";
import { checkClassTarget, checkClassWeight, checkLabels, withBatch } from "./class-targets.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface MultiMarginLossOptions extends LossOptions {
  /** What is too little counts as it is, or squared. @defaultValue 1 */
  readonly p?: 1 | 2;
  /** How much higher the target's score must be to cost nothing. @defaultValue 1 */
  readonly margin?: number;
  /** A factor for each class, [C], for the losses of its samples. The mean is not divided by it. @defaultValue null */
  readonly weight?: Tensor | null;
}

/** @throws {OptionError} if one is out of its range */
export function multiMarginLossOptions(
  where: string,
  { p = 1, margin = 1, weight = null, reduction = "mean" }: MultiMarginLossOptions,
): Required<MultiMarginLossOptions> {
  checkReduction(where, reduction);
  if (p !== 1 && p !== 2) throw new OptionError(where, `p is ${p}`, "Give 1 or 2.");
  checkNumber(where, "margin", margin);
  return { p, margin, weight, reduction };
}

/**
 * Hinge loss of one class among many: `Σ max(0, margin - input[target] + input[i])^p / C` over the other classes i.
 *
 * @param input - scores, [N, C] or [C]
 * @param target - class numbers, int32, [N] or []
 * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
 * @throws {ShapeError | DTypeError | OptionError} if the target does not fit the input, or names a class that is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html | torch.nn.functional.multi_margin_loss}
 * @example
 * await multiMarginLoss(tensor([[0, 0.5, 2, 0]]), tensor([1], { dtype: "int32" })).item(); // => 0.875
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const { p, margin, weight, reduction } = multiMarginLossOptions("multiMarginLoss", options);
  if (input.ndim > 2) {
    throw new ShapeError(
      "multiMarginLoss",
      `the input has the shape ${shapeText(input)}`,
      "Give scores, [N, C] or [C].",
    );
  }
  checkClassTarget("multiMarginLoss", input, target);
  checkClassWeight("multiMarginLoss", input, weight);
  checkLabels("multiMarginLoss", input, target);
  const scores = withBatch(input);
  const classes = target.to("int32").reshape([-1, 1]);
  const places = arange(scores.shape[1] as number, { dtype: "int32", device: input.device });
  const missing = scores.sub(scores.gather(1, classes)).add(margin).relu();
  const terms = where(places.eq(classes), 0, p === 1 ? missing : missing.square());
  const each = terms.mean(1);
  const losses = weight ? each.mul(weight.take(classes.squeeze(1))) : each;
  return reduced(input.ndim === 1 ? losses.squeeze(0) : losses, reduction);
}
