import { adaptiveAvgPool3d, type Tensor } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * Means over as many windows of [N, C, D, H, W] or [C, D, H, W] as asked for, which cover the input evenly and may overlap.
 *
 * @param outputSize - one number, or [depth, height, width]; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html | torch.nn.AdaptiveAvgPool3d}
 * @example
 * new AdaptiveAvgPool3d([5, null, 2]).forward(ones([2, 3, 8, 8, 8])).shape; // => [2, 3, 5, 8, 2]
 */
export class AdaptiveAvgPool3d extends AdaptivePool<Tensor> {
  constructor(outputSize: number | null | readonly [number | null, number | null, number | null]) {
    super(3, (x) => adaptiveAvgPool3d(x, outputSize), outputSize);
  }
}
