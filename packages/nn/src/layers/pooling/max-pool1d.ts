import { maxPool1d } from "@anneal/tensor";
import type { Single } from "../../check-sizes.ts";
import { MaxPool, type MaxPoolOptions } from "./max-pool.ts";

export type MaxPool1dOptions<Indices extends boolean = boolean> = MaxPoolOptions<Single, Indices>;

/**
 * The largest element of each window of [N, C, L] or [C, L]; the first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened sequence [L], int32.
 *
 * @param kernelSize - of a window
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html | torch.nn.MaxPool1d}
 * @example
 * new MaxPool1d(2).forward(ones([8, 3, 32])).shape; // => [8, 3, 16]
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Single, options: MaxPool1dOptions<Indices> = {}) {
    super(1, maxPool1d, kernelSize, options);
  }
}
