import type { DType, Tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";
import { byLastDims, sizesIn } from "./layer-norm.ts";
import { standardize, statisticsOf } from "./standardize.ts";

export interface RMSNormArguments {
  /** A factor for each element, of the normalized shape. */
  readonly weight?: Tensor | null;
  /** Added to the mean square; null for the distance from 1 to the next number of the dtype. @defaultValue null */
  readonly eps?: number | null;
}

/** PyTorch computes halves in float32. */
const epsilonOf = (dtype: DType): number => (dtype === "float64" ? 2 ** -52 : 2 ** -23);

/**
 * `x / √(mean(x²) + eps) * weight`, with the mean over the last dimensions: layer-norm without the shift.
 *
 * @param x - [..., S], where S is the normalized shape
 * @param normalizedShape - sizes of the last dimensions, or the size of the last one
 * @returns the same shape as `x`
 * @throws {ShapeError} if the shapes do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html | torch.nn.functional.rms_norm}
 * @see {@link https://arxiv.org/abs/1910.07467 | Root Mean Square Layer Normalization, Zhang & Sennrich 2019}
 * @example
 * rmsNorm(tensor([3, 4, 0, 0]), 4, { eps: 0 }).arraySync(); // => [1.2, 1.6, 0, 0]
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  { weight = null, eps = null }: RMSNormArguments = {},
): Tensor {
  if (eps !== null) checkNumber("rmsNorm", "eps", eps, { from: 0 });
  const grouping = byLastDims("rmsNorm", x, sizesIn(normalizedShape), { weight });
  const statistics = statisticsOf(x, grouping, { centered: false });
  return standardize(x, grouping, statistics, { weight, bias: null, eps: eps ?? epsilonOf(x.dtype) });
}
