import { conv3d } from "@anneal/tensor";
import type { Triple } from "../../check-sizes.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

export type Conv3dOptions = ConvOptions<Triple>;

/**
 * Three-dimensional convolution of [N, in, D, H, W] or [in, D, H, W]. Weight, [out, in / groups, kd, kh, kw], and bias, [out], start
 * uniform in ±1/√(in / groups · kd · kh · kw).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - one number, or [depth, height, width]
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html | torch.nn.Conv3d}
 * @example
 * new Conv3d(1, 4, 3, { stride: [1, 2, 2] }).forward(ones([2, 1, 8, 9, 9])).shape; // => [2, 4, 6, 4, 4]
 */
export class Conv3d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Triple, options: Conv3dOptions = {}) {
    super(3, conv3d, { inChannels, outChannels, kernelSize }, options);
  }
}
