import type { Tensor } from "@anneal/tensor";
import {
  type HingeEmbeddingLossOptions,
  hingeEmbeddingLoss,
  hingeEmbeddingLossOptions,
} from "../functional/losses/hinge-embedding-loss.ts";
import { Loss } from "./loss.ts";

/**
 * How far apart two things are, of which we know whether they are alike: `input` where the target is 1, `max(0, margin - input)` where it
 * is -1. Shapes that differ are an error here, where PyTorch broadcasts.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html | torch.nn.HingeEmbeddingLoss}
 * @example
 * const criterion = new HingeEmbeddingLoss();
 * await criterion.forward(tensor([0.25, 0.25]), tensor([1, -1])).item(); // => 0.5
 */
export class HingeEmbeddingLoss extends Loss<HingeEmbeddingLossOptions> {
  constructor(options: HingeEmbeddingLossOptions = {}) {
    super("HingeEmbeddingLoss", hingeEmbeddingLossOptions, options);
  }

  /**
   * @param input - distances, of any shape
   * @param target - 1 or -1, of the same shape
   * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
   */
  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, this.options);
  }
}
