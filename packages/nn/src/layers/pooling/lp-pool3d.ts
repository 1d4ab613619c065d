import type { Triple } from "../../check-sizes.ts";
import { type LpPoolOptions, lpPool3d } from "../../functional/lp-pool.ts";
import { LPPool } from "./lp-pool.ts";

export type LPPool3dOptions = LpPoolOptions<Triple>;

/**
 * The p-norm of each window of [N, C, D, H, W] or [C, D, H, W], `(Σ xᵖ)^(1/p)`; where the sum is 0 the gradient is 0.
 *
 * The numbers go in as they are, so an odd p takes negative ones from the sum, and a negative sum has no root (NaN).
 *
 * @param normType - p: any number but 0, or Infinity
 * @param kernelSize - of a window, one number or [depth, height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html | torch.nn.LPPool3d}
 * @example
 * new LPPool3d(2, 2).forward(ones([2, 3, 8, 8, 8])).shape; // => [2, 3, 4, 4, 4]
 */
export class LPPool3d extends LPPool {
  constructor(normType: number, kernelSize: Triple, options: LPPool3dOptions = {}) {
    super(3, lpPool3d, normType, kernelSize, options);
  }
}
