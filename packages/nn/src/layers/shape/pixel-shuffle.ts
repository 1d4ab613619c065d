import type { Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { pixelShuffle, pixelUnshuffle } from "../../functional/pixel-shuffle.ts";
import { Module } from "../../module/module.ts";

/**
 * Each `r · r` channels as one that is `r` times as high and wide: how a convolution enlarges images.
 *
 * @param upscaleFactor - r
 * @throws {OptionError} if r is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html | torch.nn.PixelShuffle}
 * @see {@link https://arxiv.org/abs/1609.05158 | Real-Time Super-Resolution, Shi et al. 2016}
 * @example
 * new PixelShuffle(2).forward(ones([8, 12, 4, 4])).shape; // => [8, 3, 8, 8]
 */
export class PixelShuffle extends Module {
  readonly #factor: number;

  constructor(upscaleFactor: number) {
    super();
    checkSize("PixelShuffle", "upscaleFactor", upscaleFactor, 1);
    this.#factor = upscaleFactor;
  }

  /** @param x - [..., C · r · r, H, W] @returns [..., C, H · r, W · r] */
  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.#factor);
  }

  protected override extraRepr(): string {
    return String(this.#factor);
  }
}

/**
 * What {@link PixelShuffle} undoes: each block of `r` by `r` pixels as `r · r` channels.
 *
 * @param downscaleFactor - r
 * @throws {OptionError} if r is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html | torch.nn.PixelUnshuffle}
 * @example
 * new PixelUnshuffle(2).forward(ones([8, 3, 8, 8])).shape; // => [8, 12, 4, 4]
 */
export class PixelUnshuffle extends Module {
  readonly #factor: number;

  constructor(downscaleFactor: number) {
    super();
    checkSize("PixelUnshuffle", "downscaleFactor", downscaleFactor, 1);
    this.#factor = downscaleFactor;
  }

  /** @param x - [..., C, H · r, W · r] @returns [..., C · r · r, H, W] */
  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.#factor);
  }

  protected override extraRepr(): string {
    return String(this.#factor);
  }
}
