import type { Tensor } from "@anneal/tensor";
import {
  type CosineEmbeddingLossOptions,
  cosineEmbeddingLoss,
  cosineEmbeddingLossOptions,
} from "../functional/losses/cosine-embedding-loss.ts";
import { Loss } from "./loss.ts";

/**
 * With the cosine of two vectors: `1 - cos` where the target is 1, `max(0, cos - margin)` where it is -1. Shapes that differ are an error
 * here, where PyTorch broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html | torch.nn.CosineEmbeddingLoss}
 * @example
 * const criterion = new CosineEmbeddingLoss();
 * await criterion.forward(tensor([[2, 0]]), tensor([[0, 3]]), tensor([1])).item(); // => 1
 */
export class CosineEmbeddingLoss extends Loss<CosineEmbeddingLossOptions> {
  constructor(options: CosineEmbeddingLossOptions = {}) {
    super("CosineEmbeddingLoss", cosineEmbeddingLossOptions, options);
  }

  /**
   * @param input1 - vectors, [N, D] or [D]
   * @param input2 - vectors, of the same shape
   * @param target - 1 if the two are alike, -1 if not, [N] or []
   * @returns a scalar, or the losses, shaped like `target`, if reduction is "none"
   */
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, this.options);
  }
}
