import { maxUnpool2d } from "@anneal/tensor";
import type { Pair } from "../../check-sizes.ts";
import { MaxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";

export type MaxUnpool2dOptions = MaxUnpoolOptions<Pair>;

/**
 * What {@link MaxPool2d} with `returnIndices` found in [N, C, H, W] or [C, H, W], put back where it was, among zeros.
 *
 * @param kernelSize - of the pooling, one number or [height, width]
 * @throws {OptionError} if an option is out of its range; from `forward`, if the result cannot have the sizes asked for
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html | torch.nn.MaxUnpool2d}
 * @example
 * const [values, indices] = new MaxPool2d(2, { returnIndices: true }).forward(ones([8, 3, 32, 32]));
 * new MaxUnpool2d(2).forward(values, indices).shape; // => [8, 3, 32, 32]
 */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: Pair, options: MaxUnpool2dOptions = {}) {
    super(2, maxUnpool2d, kernelSize, options);
  }
}
