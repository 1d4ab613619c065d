import { avgPool3d } from "@anneal/tensor";
import type { Triple } from "../../check-sizes.ts";
import { AvgPool, type AvgPoolWithDivisorOptions } from "./avg-pool.ts";

export type AvgPool3dOptions = AvgPoolWithDivisorOptions<Triple>;

/**
 * The mean of each window of [N, C, D, H, W] or [C, D, H, W].
 *
 * @param kernelSize - of a window, one number or [depth, height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html | torch.nn.AvgPool3d}
 * @example
 * new AvgPool3d(2).forward(ones([2, 3, 8, 8, 8])).shape; // => [2, 3, 4, 4, 4]
 */
export class AvgPool3d extends AvgPool {
  constructor(kernelSize: Triple, options: AvgPool3dOptions = {}) {
    super(3, avgPool3d, kernelSize, options);
  }
}
