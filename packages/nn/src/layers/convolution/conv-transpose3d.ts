import { convTranspose3d } from "@anneal/tensor";
import type { Triple } from "../../check-sizes.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

export type ConvTranspose3dOptions = ConvTransposeOptions<Triple>;

/**
 * Transposed three-dimensional convolution of [N, in, D, H, W] or [in, D, H, W]: the gradient of {@link Conv3d} with respect to its input,
 * used forwards to make its input larger. Weight, [in, out / groups, kd, kh, kw], and bias, [out], start uniform in ±1/√(out / groups · kd · kh · kw).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - one number, or [depth, height, width]
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html | torch.nn.ConvTranspose3d}
 * @example
 * new ConvTranspose3d(4, 1, 2, { stride: 2 }).forward(ones([2, 4, 3, 4, 4])).shape; // => [2, 1, 6, 8, 8]
 */
export class ConvTranspose3d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Triple, options: ConvTranspose3dOptions = {}) {
    super(3, convTranspose3d, { inChannels, outChannels, kernelSize }, options);
  }
}
