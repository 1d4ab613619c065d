import { type Tensor, where } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { checkSameShape } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface HingeEmbeddingLossOptions extends LossOptions {
  /** From which distance on different things cost nothing. @defaultValue 1 */
  readonly margin?: number;
}

/** @throws {OptionError} if one is out of its range */
export function hingeEmbeddingLossOptions(
  where: string,
  { margin = 1, reduction = "mean" }: HingeEmbeddingLossOptions,
): Required<HingeEmbeddingLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "margin", margin);
  return { margin, reduction };
}

/**
 * How far apart two things are, of which we know whether they are alike: `input` where the target is 1, `max(0, margin - input)` where it
 * is -1. Shapes that differ are an error here, where PyTorch broadcasts.
 *
 * @param input - distances, of any shape
 * @param target - 1 or -1, of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html | torch.nn.functional.hinge_embedding_loss}
 * @example
 * await hingeEmbeddingLoss(tensor([0.25, 0.25]), tensor([1, -1]), { reduction: "none" }).array(); // => [0.25, 0.75]
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: HingeEmbeddingLossOptions = {}): Tensor {
  const { margin, reduction } = hingeEmbeddingLossOptions("hingeEmbeddingLoss", options);
  checkSameShape("hingeEmbeddingLoss", input, target);
  const apart = where(target.ne(1), input.neg().add(margin).clamp({ min: 0 }), 0);
  // Whatever is neither 1 nor -1 counts as both, as in PyTorch.
  return reduced(where(target.ne(-1), input, 0).add(apart), reduction);
}
