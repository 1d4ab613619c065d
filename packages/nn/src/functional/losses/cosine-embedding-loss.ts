import { ShapeError, type Tensor, where } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { checkSameShape, shapeText } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface CosineEmbeddingLossOptions extends LossOptions {
  /** Up to which cosine different things cost nothing, -1 to 1. @defaultValue 0 */
  readonly margin?: number;
}

/** @throws {OptionError} if one is out of its range */
export function cosineEmbeddingLossOptions(
  where: string,
  { margin = 0, reduction = "mean" }: CosineEmbeddingLossOptions,
): Required<CosineEmbeddingLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "margin", margin);
  return { margin, reduction };
}

/** Added to squared lengths. PyTorch's constant is a float32, in float64 too. */
const EPSILON = Math.fround(1e-12);

/**
 * With the cosine of two vectors: `1 - cos` where the target is 1, `max(0, cos - margin)` where it is -1. Shapes that differ are an error
 * here, where PyTorch broadcasts.
 *
 * @param input1 - vectors, [N, D] or [D]
 * @param input2 - vectors, of the same shape
 * @param target - 1 if the two are alike, -1 if not, [N] or []
 * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html | torch.nn.functional.cosine_embedding_loss}
 * @example
 * await cosineEmbeddingLoss(tensor([[2, 0]]), tensor([[0, 3]]), tensor([1])).item(); // => 1
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: CosineEmbeddingLossOptions = {},
): Tensor {
  const { margin, reduction } = cosineEmbeddingLossOptions("cosineEmbeddingLoss", options);
  checkSameShape("cosineEmbeddingLoss", input1, input2, ["input1", "input2"]);
  const wanted = { shape: input1.shape.slice(0, -1) };
  if (input1.ndim === 0 || input1.ndim > 2 || shapeText(target) !== shapeText(wanted)) {
    throw new ShapeError(
      "cosineEmbeddingLoss",
      `the inputs ${shapeText(input1)} and the target ${shapeText(target)} do not fit`,
      "Give vectors, [N, D] or [D], and a target for each, [N] or [].",
    );
  }
  const squaredLength = (x: Tensor): Tensor => x.square().sum(-1).add(EPSILON);
  const lengths = squaredLength(input1).mul(squaredLength(input2)).sqrt();
  const cosine = input1.mul(input2).sum(-1).div(lengths);
  const alike = where(target.eq(1), cosine.neg().add(1), 0);
  const different = where(target.eq(-1), cosine.sub(margin).clamp({ min: 0 }), 0);
  return reduced(alike.add(different), reduction);
}
