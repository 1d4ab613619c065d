import { arange, ShapeError, type Tensor, where } from "@anneal/tensor";
import { shapeText } from "./check-shapes.ts";
import { checkClassNumbers, checkLabels, withBatch } from "./class-targets.ts";
import { type LossOptions, lossOptions, reduced } from "./reduction.ts";

/**
 * Hinge loss of several classes among many: `Σ max(0, 1 - input[j] + input[i]) / C` over the classes j of the target and all others i.
 *
 * @param input - scores, [N, C] or [C]
 * @param target - the classes that are there, then -1, int32, of the same shape; what comes after the first -1 does not count
 * @returns a scalar, or the losses, [N] or [], if reduction is "none"
 * @throws {ShapeError | DTypeError | OptionError} if the target does not fit the input, or names a class that is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html | torch.nn.functional.multilabel_margin_loss}
 * @example
 * const scores = tensor([[0, 0.5, 2, 0]]);
 * await multilabelMarginLoss(scores, tensor([[2, 1, -1, 0]], { dtype: "int32" })).item(); // => 0.25
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = lossOptions("multilabelMarginLoss", options);
  if (input.ndim === 0 || input.ndim > 2 || shapeText(input) !== shapeText(target)) {
    throw new ShapeError(
      "multilabelMarginLoss",
      `the input ${shapeText(input)} and the target ${shapeText(target)} do not fit`,
      "Give scores, [N, C] or [C], and lists of classes of the same shape, filled up with -1.",
    );
  }
  checkClassNumbers("multilabelMarginLoss", target);
  checkLabels("multilabelMarginLoss", input, target, { label: -1, says: ", and -1 ends a list" });
  const scores = withBatch(input);
  const listed = withBatch(target).to("int32");
  const count = scores.shape[1] as number;
  const valid = listed.lt(0).to("int32").cumsum(1).eq(0);
  const classes = where(valid, listed, 0);
  // [N, j, i]: each class of the list beside each class there is.
  const places = arange(count, { dtype: "int32", device: input.device });
  const names = classes.unsqueeze(2).eq(places).logicalAnd(valid.unsqueeze(2));
  const other = names.any(1).logicalNot();
  const missing = scores.unsqueeze(1).sub(scores.gather(1, classes).unsqueeze(2)).add(1).relu();
  const counted = valid.unsqueeze(2).logicalAnd(other.unsqueeze(1));
  const losses = where(counted, missing, 0).sum([1, 2]).div(count);
  return reduced(input.ndim === 1 ? losses.squeeze(0) : losses, reduction);
}
