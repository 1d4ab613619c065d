import { convTranspose2d } from "@anneal/tensor";
import type { Pair } from "../../check-sizes.ts";
import { type ConvTransposeOptions, TransposedConvolution } from "./transposed-convolution.ts";

export type ConvTranspose2dOptions = ConvTransposeOptions<Pair>;

/**
 * Transposed two-dimensional convolution of [N, in, H, W] or [in, H, W]: the gradient of {@link Conv2d} with respect to its input,
 * used forwards to make its input larger. Weight, [in, out / groups, kh, kw], and bias, [out], start uniform in ±1/√(out / groups · kh · kw).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - one number, or [height, width]
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html | torch.nn.ConvTranspose2d}
 * @example
 * const down = new Conv2d(3, 16, 3, { stride: 2, padding: 1 });
 * const up = new ConvTranspose2d(16, 3, 3, { stride: 2, padding: 1 });
 * const x = ones([8, 3, 12, 12]);
 * up.forward(down.forward(x), { outputSize: x.shape }).shape; // => [8, 3, 12, 12]
 */
export class ConvTranspose2d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvTranspose2dOptions = {}) {
    super(2, convTranspose2d, { inChannels, outChannels, kernelSize }, options);
  }
}
