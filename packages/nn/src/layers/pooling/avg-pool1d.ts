import { avgPool1d } from "@anneal/tensor";
import type { Single } from "../../check-sizes.ts";
import { AvgPool, type AvgPoolOptions } from "./avg-pool.ts";

export type AvgPool1dOptions = AvgPoolOptions<Single>;

/**
 * The mean of each window of [N, C, L] or [C, L].
 *
 * @param kernelSize - of a window
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html | torch.nn.AvgPool1d}
 * @example
 * new AvgPool1d(2).forward(ones([8, 3, 32])).shape; // => [8, 3, 16]
 */
export class AvgPool1d extends AvgPool {
  constructor(kernelSize: Single, options: AvgPool1dOptions = {}) {
    super(1, avgPool1d, kernelSize, options);
  }
}
