import type { Single } from "../../check-sizes.ts";
import { type LpPoolOptions, lpPool1d } from "../../functional/lp-pool.ts";
import { LPPool } from "./lp-pool.ts";

export type LPPool1dOptions = LpPoolOptions<Single>;

/**
 * The p-norm of each window of [N, C, L] or [C, L], `(Σ xᵖ)^(1/p)`; where the sum is 0 the gradient is 0.
 *
 * The numbers go in as they are, so an odd p takes negative ones from the sum, and a negative sum has no root (NaN).
 *
 * @param normType - p: any number but 0, or Infinity
 * @param kernelSize - of a window
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html | torch.nn.LPPool1d}
 * @example
 * new LPPool1d(2, 2).forward(ones([8, 3, 32])).shape; // => [8, 3, 16]
 */
export class LPPool1d extends LPPool {
  constructor(normType: number, kernelSize: Single, options: LPPool1dOptions = {}) {
    super(1, lpPool1d, normType, kernelSize, options);
  }
}
