import { avgPool2d } from "@anneal/tensor";
import type { Pair } from "../../check-sizes.ts";
import { AvgPool, type AvgPoolWithDivisorOptions } from "./avg-pool.ts";

export type AvgPool2dOptions = AvgPoolWithDivisorOptions<Pair>;

/**
 * The mean of each window of [N, C, H, W] or [C, H, W].
 *
 * @param kernelSize - of a window, one number or [height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html | torch.nn.AvgPool2d}
 * @example
 * new AvgPool2d(2).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 16, 16]
 */
export class AvgPool2d extends AvgPool {
  constructor(kernelSize: Pair, options: AvgPool2dOptions = {}) {
    super(2, avgPool2d, kernelSize, options);
  }
}
