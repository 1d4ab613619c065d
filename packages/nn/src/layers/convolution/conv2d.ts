import { conv2d } from "@anneal/tensor";
import type { Pair } from "../../check-sizes.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

export type Conv2dOptions = ConvOptions<Pair>;

/**
 * Two-dimensional convolution of [N, in, H, W] or [in, H, W]. Weight, [out, in / groups, kh, kw], and bias, [out], start uniform in
 * ±1/√(in / groups · kh · kw).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - one number, or [height, width]
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html | torch.nn.Conv2d}
 * @example
 * new Conv2d(3, 16, 3, { padding: 1 }).forward(ones([8, 3, 32, 32])).shape; // => [8, 16, 32, 32]
 */
export class Conv2d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super(2, conv2d, { inChannels, outChannels, kernelSize }, options);
  }
}
