import type { Tensor } from "@anneal/tensor";
import { Module } from "../module/module.ts";

export interface FlattenOptions {
  /** @defaultValue 1, which leaves the batch */
  readonly startDim?: number;
  /** @defaultValue -1 */
  readonly endDim?: number;
}

/** Dimensions `startDim` to `endDim` as one. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html | torch.nn.Flatten} */
export class Flatten extends Module {
  readonly #startDim: number;
  readonly #endDim: number;

  constructor({ startDim = 1, endDim = -1 }: FlattenOptions = {}) {
    super();
    this.#startDim = startDim;
    this.#endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.#startDim, this.#endDim);
  }
}
