import { type Tensor, where } from "@anneal/tensor";
import { checkSameShape } from "./check-shapes.ts";
import { checkReduction, type Reduction, reduced } from "./reduction.ts";

export interface KLDivLossOptions {
  /**
   * `"batchmean"`: the sum divided by the size of the first dimension, which is what mathematics calls the divergence of a batch;
   * `"mean"` divides by the number of elements. @defaultValue "mean"
   */
  readonly reduction?: Reduction | "batchmean";
  /** Is the target the logarithm of probabilities, too? @defaultValue false */
  readonly logTarget?: boolean;
}

/** @throws {OptionError} if the reduction is none */
export function klDivLossOptions(
  where: string,
  { reduction = "mean", logTarget = false }: KLDivLossOptions,
): Required<KLDivLossOptions> {
  checkReduction(where, reduction, "batchmean");
  return { reduction, logTarget };
}

/**
 * Kullback-Leibler divergence `target (log target - input)` of the target from the input, with `0 log 0 = 0`. The default reduction, as
 * PyTorch's, is no divergence: use "batchmean". Shapes that differ are an error here, where PyTorch broadcasts.
 *
 * @param input - log probabilities, [N, ...]
 * @param target - probabilities, or their logarithms with `logTarget`, of the same shape
 * @returns a scalar, or the terms, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if the reduction is none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html | torch.nn.functional.kl_div}
 * @example
 * const input = tensor([[0.5, 0.5]]).log();
 * await klDiv(input, tensor([[1, 0]]), { reduction: "batchmean" }).item(); // => 0.6931472
 */
export function klDiv(input: Tensor, target: Tensor, options: KLDivLossOptions = {}): Tensor {
  const { reduction, logTarget } = klDivLossOptions("klDiv", options);
  checkSameShape("klDiv", input, target);
  const losses = logTarget
    ? target.exp().mul(target.sub(input))
    : // The logarithm of 1 in place of that of 0: its gradient is finite too, where PyTorch gives NaN.
      target.mul(where(target.eq(0), 1, target).log().sub(input));
  if (reduction === "batchmean") return losses.sum().div(input.shape[0] ?? 1);
  return reduced(losses, reduction);
}
