import type { Tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";

export interface PairwiseDistanceOptions {
  /** Order of the norm: 2 is the length, 1 the sum of sizes, Infinity the largest. @defaultValue 2 */
  readonly p?: number;
  /** Added to each difference, so that the distance is never quite 0, where it has no gradient. @defaultValue 1e-6 */
  readonly eps?: number;
  /** Leave the last dimension, with size 1. @defaultValue false */
  readonly keepdim?: boolean;
}

/** @throws {OptionError} if one is out of its range */
export function pairwiseDistanceOptions(
  where: string,
  { p = 2, eps = 1e-6, keepdim = false }: PairwiseDistanceOptions,
): Required<PairwiseDistanceOptions> {
  checkNumber(where, "p", p);
  checkNumber(where, "eps", eps);
  return { p, eps, keepdim };
}

/**
 * Distance of each two vectors, along the last dimension: `(Σ |x1 - x2 + eps|^p)^(1/p)`.
 *
 * @param x1 - [N, D] or [D]
 * @param x2 - the same; shapes broadcast
 * @returns [N] or []; [N, 1] or [1] with `keepdim`
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html | torch.nn.functional.pairwise_distance}
 * @example
 * await pairwiseDistance(tensor([[0, 0]]), tensor([[3, 4]])).array(); // => [4.9999986]
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p, eps, keepdim } = pairwiseDistanceOptions("pairwiseDistance", options);
  return x1.sub(x2).add(eps).norm({ p, dim: -1, keepdim });
}
