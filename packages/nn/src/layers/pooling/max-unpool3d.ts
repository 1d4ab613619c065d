import { maxUnpool3d } from "@anneal/tensor";
import type { Triple } from "../../check-sizes.ts";
import { MaxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";

export type MaxUnpool3dOptions = MaxUnpoolOptions<Triple>;

/**
 * What {@link MaxPool3d} with `returnIndices` found in [N, C, D, H, W] or [C, D, H, W], put back where it was, among zeros.
 *
 * @param kernelSize - of the pooling, one number or [depth, height, width]
 * @throws {OptionError} if an option is out of its range; from `forward`, if the result cannot have the sizes asked for
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html | torch.nn.MaxUnpool3d}
 * @example
 * const [values, indices] = new MaxPool3d(2, { returnIndices: true }).forward(ones([2, 3, 8, 8, 8]));
 * new MaxUnpool3d(2).forward(values, indices).shape; // => [2, 3, 8, 8, 8]
 */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernelSize: Triple, options: MaxUnpool3dOptions = {}) {
    super(3, maxUnpool3d, kernelSize, options);
  }
}
