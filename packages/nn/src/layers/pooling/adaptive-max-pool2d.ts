import { adaptiveMaxPool2d, type IndicesOption, type MaxPoolResult } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * The largest elements of as many windows of [N, C, H, W] or [C, H, W] as asked for, which cover the input evenly and may overlap; the
 * first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened plane [H, W], int32.
 *
 * @param outputSize - one number, or [height, width]; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html | torch.nn.AdaptiveMaxPool2d}
 * @example
 * new AdaptiveMaxPool2d([5, null]).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 5, 32]
 */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptivePool<MaxPoolResult<Indices>> {
  constructor(
    outputSize: number | null | readonly [number | null, number | null],
    options: IndicesOption<Indices> = {},
  ) {
    super(2, (x) => adaptiveMaxPool2d(x, outputSize, options), outputSize, options);
  }
}
