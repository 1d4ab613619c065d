import type { Tensor } from "@anneal/tensor";
import { checkDim } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

export interface FlattenOptions {
  /** The first to be merged. @defaultValue 1, which leaves the batch */
  readonly startDim?: number;
  /** The last. @defaultValue -1 */
  readonly endDim?: number;
}

/**
 * Dimensions `startDim` to `endDim` as one.
 *
 * @throws {OptionError} if a dimension is no integer
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html | torch.nn.Flatten}
 * @example
 * new Flatten().forward(ones([8, 16, 4, 4])).shape; // => [8, 256]
 */
export class Flatten extends Module {
  readonly #startDim: number;
  readonly #endDim: number;

  constructor({ startDim = 1, endDim = -1 }: FlattenOptions = {}) {
    super();
    checkDim("Flatten", "startDim", startDim);
    checkDim("Flatten", "endDim", endDim);
    this.#startDim = startDim;
    this.#endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.#startDim, this.#endDim);
  }

  protected override extraRepr(): string {
    return `{ startDim: ${this.#startDim}, endDim: ${this.#endDim} }`;
  }
}
