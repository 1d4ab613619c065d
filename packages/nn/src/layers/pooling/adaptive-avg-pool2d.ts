import { adaptiveAvgPool2d, type Tensor } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * Means over as many windows of [N, C, H, W] or [C, H, W] as asked for, which cover the input evenly and may overlap.
 *
 * @param outputSize - one number, or [height, width]; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html | torch.nn.AdaptiveAvgPool2d}
 * @example
 * new AdaptiveAvgPool2d([5, null]).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 5, 32]
 */
export class AdaptiveAvgPool2d extends AdaptivePool<Tensor> {
  constructor(outputSize: number | null | readonly [number | null, number | null]) {
    super(2, (x) => adaptiveAvgPool2d(x, outputSize), outputSize);
  }
}
