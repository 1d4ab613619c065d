import { convTranspose1d } from "@anneal/tensor";
import type { Single } from "../../check-sizes.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

export type ConvTranspose1dOptions = ConvTransposeOptions<Single>;

/**
 * Transposed one-dimensional convolution of [N, in, L] or [in, L]: the gradient of {@link Conv1d} with respect to its input,
 * used forwards to make its input larger. Weight, [in, out / groups, k], and bias, [out], start uniform in ±1/√(out / groups · k).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - k
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html | torch.nn.ConvTranspose1d}
 * @example
 * new ConvTranspose1d(16, 3, 4, { stride: 2, padding: 1 }).forward(ones([8, 16, 50])).shape; // => [8, 3, 100]
 */
export class ConvTranspose1d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Single, options: ConvTranspose1dOptions = {}) {
    super(1, convTranspose1d, { inChannels, outChannels, kernelSize }, options);
  }
}
