import { type MaxPoolOptions, maxPool2d, type Tensor } from "@anneal/tensor";
import { Module } from "../module/module.ts";
import type { Pair } from "./conv2d.ts";

/**
 * The largest element of each window of [N, C, H, W].
 *
 * @param kernelSize - of a window, one number or [height, width]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html | torch.nn.MaxPool2d}
 */
export class MaxPool2d extends Module {
  readonly #kernelSize: Pair;
  readonly #options: MaxPoolOptions;

  constructor(kernelSize: Pair, options: MaxPoolOptions = {}) {
    super();
    this.#kernelSize = kernelSize;
    this.#options = options;
  }

  /** @param x - [N, C, H, W] @returns [N, C, OH, OW] */
  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.#kernelSize, this.#options);
  }

  protected override extraRepr(): string {
    return typeof this.#kernelSize === "number" ? String(this.#kernelSize) : `[${this.#kernelSize.join(", ")}]`;
  }
}
