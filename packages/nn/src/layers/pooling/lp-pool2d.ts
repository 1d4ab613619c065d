import type { Pair } from "../../check-sizes.ts";
import { type LpPoolOptions, lpPool2d } from "../../functional/lp-pool.ts";
import { LPPool } from "./lp-pool.ts";

export type LPPool2dOptions = LpPoolOptions<Pair>;

/**
 * The p-norm of each window of [N, C, H, W] or [C, H, W], `(Σ xᵖ)^(1/p)`; where the sum is 0 the gradient is 0.
 *
 * The numbers go in as they are, so an odd p takes negative ones from the sum, and a negative sum has no root (NaN).
 *
 * @param normType - p: any number but 0, or Infinity
 * @param kernelSize - of a window, one number or [height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html | torch.nn.LPPool2d}
 * @example
 * new LPPool2d(2, 2).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 16, 16]
 */
export class LPPool2d extends LPPool {
  constructor(normType: number, kernelSize: Pair, options: LPPool2dOptions = {}) {
    super(2, lpPool2d, normType, kernelSize, options);
  }
}
