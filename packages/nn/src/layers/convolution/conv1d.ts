import { conv1d } from "@anneal/tensor";
import type { Single } from "../../check-sizes.ts";
import { type ConvOptions, Convolution } from "./convolution.ts";

export type Conv1dOptions = ConvOptions<Single>;

/**
 * One-dimensional convolution of [N, in, L] or [in, L]. Weight, [out, in / groups, k], and bias, [out], start uniform in
 * ±1/√(in / groups · k).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - k
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html | torch.nn.Conv1d}
 * @example
 * new Conv1d(3, 16, 5, { padding: "same" }).forward(ones([8, 3, 100])).shape; // => [8, 16, 100]
 */
export class Conv1d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Single, options: Conv1dOptions = {}) {
    super(1, conv1d, { inChannels, outChannels, kernelSize }, options);
  }
}
