import { type MaxPoolOptions, maxPool2d, OptionError, type Tensor } from "@anneal/tensor";
import { checkPair, type Pair, pairOf, shown } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

export interface MaxPool2dOptions extends MaxPoolOptions {
  /** Distance between windows. @defaultValue the kernel size */
  readonly stride?: Pair;
  /** Width of the border on both sides, at most half the kernel size. @defaultValue 0 */
  readonly padding?: Pair;
  /** Distance between the elements of a window. @defaultValue 1 */
  readonly dilation?: Pair;
}

/**
 * The largest element of each window of [N, C, H, W].
 *
 * @param kernelSize - of a window, one number or [height, width]
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html | torch.nn.MaxPool2d}
 * @example
 * new MaxPool2d(2).forward(ones([8, 3, 32, 32])).shape; // => [8, 3, 16, 16]
 */
export class MaxPool2d extends Module {
  readonly #kernelSize: Pair;
  readonly #options: Required<MaxPool2dOptions>;

  constructor(kernelSize: Pair, options: MaxPool2dOptions = {}) {
    super();
    const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options;
    checkPair("MaxPool2d", "kernelSize", kernelSize, 1);
    checkPair("MaxPool2d", "stride", stride, 1);
    checkPair("MaxPool2d", "padding", padding, 0);
    checkPair("MaxPool2d", "dilation", dilation, 1);
    const kernel = pairOf(kernelSize);
    if (pairOf(padding).some((each, i) => each > (kernel[i] as number) / 2)) {
      throw new OptionError(
        "MaxPool2d",
        `padding ${shown(padding)} is more than half of the kernel size ${shown(kernelSize)}`,
        "Such a window could lie outside. Use less.",
      );
    }
    this.#kernelSize = kernelSize;
    this.#options = { stride, padding, dilation, ceilMode };
  }

  /** @param x - [N, C, H, W] or [C, H, W] @returns [N, C, OH, OW] or [C, OH, OW] */
  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.#kernelSize, this.#options);
  }

  protected override extraRepr(): string {
    const { stride, padding, dilation, ceilMode } = this.#options;
    return `${shown(this.#kernelSize)}, { stride: ${shown(stride)}, padding: ${shown(padding)}, dilation: ${shown(dilation)}, ceilMode: ${ceilMode} }`;
  }
}
