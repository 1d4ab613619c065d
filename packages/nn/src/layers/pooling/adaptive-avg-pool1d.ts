import { adaptiveAvgPool1d, type Tensor } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * Means over as many windows of [N, C, L] or [C, L] as asked for, which cover the input evenly and may overlap.
 *
 * @param outputSize - one number; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html | torch.nn.AdaptiveAvgPool1d}
 * @example
 * new AdaptiveAvgPool1d(5).forward(ones([8, 3, 32])).shape; // => [8, 3, 5]
 */
export class AdaptiveAvgPool1d extends AdaptivePool<Tensor> {
  constructor(outputSize: number | null | readonly [number | null]) {
    super(1, (x) => adaptiveAvgPool1d(x, outputSize), outputSize);
  }
}
