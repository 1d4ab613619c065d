import { maxPool2d } from "@anneal/tensor";
import type { Pair } from "../../check-sizes.ts";
import { MaxPool, type MaxPoolOptions } from "./max-pool.ts";

export type MaxPool2dOptions<Indices extends boolean = boolean> = MaxPoolOptions<Pair, Indices>;

/**
 * The largest element of each window of [N, C, H, W] or [C, H, W]; the first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened plane [H, W], int32.
 *
 * @param kernelSize - of a window, one number or [height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html | torch.nn.MaxPool2d}
 * @example
 * new MaxPool2d(2).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 16, 16]
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Pair, options: MaxPool2dOptions<Indices> = {}) {
    super(2, maxPool2d, kernelSize, options);
  }
}
