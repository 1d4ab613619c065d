import { adaptiveMaxPool1d, type IndicesOption, type MaxPoolResult } from "@anneal/tensor";
import { AdaptivePool } from "./adaptive-pool.ts";

/**
 * The largest elements of as many windows of [N, C, L] or [C, L] as asked for, which cover the input evenly and may overlap; the
 * first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened sequence [L], int32.
 *
 * @param outputSize - one number; null leaves a size as it is
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html | torch.nn.AdaptiveMaxPool1d}
 * @example
 * new AdaptiveMaxPool1d(5).forward(ones([8, 3, 32])).shape; // => [8, 3, 5]
 */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptivePool<MaxPoolResult<Indices>> {
  constructor(outputSize: number | null | readonly [number | null], options: IndicesOption<Indices> = {}) {
    super(1, (x) => adaptiveMaxPool1d(x, outputSize, options), outputSize, options);
  }
}
