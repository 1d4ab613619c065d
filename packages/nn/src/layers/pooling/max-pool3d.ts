import { maxPool3d } from "@anneal/tensor";
import type { Triple } from "../../check-sizes.ts";
import { MaxPool, type MaxPoolOptions } from "./max-pool.ts";

export type MaxPool3dOptions<Indices extends boolean = boolean> = MaxPoolOptions<Triple, Indices>;

/**
 * The largest element of each window of [N, C, D, H, W] or [C, D, H, W]; the first of equals gets the gradient.
 *
 * With `returnIndices`, `forward` gives [values, indices]: where each was in its flattened volume [D, H, W], int32.
 *
 * @param kernelSize - of a window, one number or [depth, height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html | torch.nn.MaxPool3d}
 * @example
 * new MaxPool3d(2).forward(ones([2, 3, 8, 8, 8])).shape; // => [2, 3, 4, 4, 4]
 */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Triple, options: MaxPool3dOptions<Indices> = {}) {
    super(3, maxPool3d, kernelSize, options);
  }
}
