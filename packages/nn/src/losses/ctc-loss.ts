import type { Tensor } from "@anneal/tensor";
import { type CTCLossOptions, ctcLoss, ctcLossOptions } from "../functional/losses/ctc-loss.ts";
import type { Lengths } from "../functional/losses/ctc-targets.ts";
import { Loss } from "./loss.ts";

/**
 * Connectionist temporal classification: how unlikely it is that the steps spell the labels, whatever the alignment.
 *
 * As PyTorch's, the gradient of `logProbs` is right only after a `logSoftmax` over the classes, which is what makes it that of the scores.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html | torch.nn.CTCLoss}
 * @see {@link https://www.cs.toronto.edu/~graves/icml_2006.pdf | Connectionist Temporal Classification, Graves et al. 2006}
 * @example
 * const criterion = new CTCLoss();
 * const logProbs = zeros([2, 1, 3]).logSoftmax(2);
 * await criterion.forward(logProbs, tensor([[1]], { dtype: "int32" }), [2], [1]).item(); // => 1.0986123
 */
export class CTCLoss extends Loss<CTCLossOptions> {
  constructor(options: CTCLossOptions = {}) {
    super("CTCLoss", ctcLossOptions, options);
  }

  /**
   * @param logProbs - log probabilities, [T, N, C], or [T, C] for one sample
   * @param targets - labels, int32: [N, S], of which each row's first ones count; or those of all samples, one after the other
   * @param inputLengths - steps of each sample, [N] or a number, up to T
   * @param targetLengths - labels of each sample, [N] or a number
   * @returns a scalar; or the losses, [N] or [], if reduction is "none". The mean is that of the losses divided by their numbers of labels.
   */
  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, this.options);
  }
}
