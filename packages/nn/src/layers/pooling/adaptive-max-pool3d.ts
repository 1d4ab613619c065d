import { adaptiveMaxPool3d, type IndicesOption, type MaxPoolResult } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * The largest elements of as many windows of [N, C, D, H, W] or [C, D, H, W] as asked for, which cover the input evenly and may overlap; the
 * first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened volume [D, H, W], int32.
 *
 * @param outputSize - one number, or [depth, height, width]; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html | torch.nn.AdaptiveMaxPool3d}
 * @example
 * new AdaptiveMaxPool3d([5, null, 2]).forward(ones([2, 3, 8, 8, 8])).shape; // => [2, 3, 5, 8, 2]
 */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptivePool<MaxPoolResult<Indices>> {
  constructor(
    outputSize: number | null | readonly [number | null, number | null, number | null],
    options: IndicesOption<Indices> = {},
  ) {
    super(3, (x) => adaptiveMaxPool3d(x, outputSize, options), outputSize, options);
  }
}
