import { maxUnpool1d } from "@anneal/tensor";
import type { Single } from "../../check-sizes.ts";
import { MaxUnpool, type MaxUnpoolOptions } from "./max-unpool.ts";

export type MaxUnpool1dOptions = MaxUnpoolOptions<Single>;

/**
 * What {@link MaxPool1d} with `returnIndices` found in [N, C, L] or [C, L], put back where it was, among zeros.
 *
 * @param kernelSize - of the pooling
 * @throws {OptionError} if an option is out of its range; from `forward`, if the result cannot have the sizes asked for
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html | torch.nn.MaxUnpool1d}
 * @example
 * const [values, indices] = new MaxPool1d(2, { returnIndices: true }).forward(ones([8, 3, 32]));
 * new MaxUnpool1d(2).forward(values, indices).shape; // => [8, 3, 32]
 */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: Single, options: MaxUnpool1dOptions = {}) {
    super(1, maxUnpool1d, kernelSize, options);
  }
}
