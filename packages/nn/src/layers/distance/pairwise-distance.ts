import type { Tensor } from "@anneal/tensor";
import { shownOptions } from "../../check-options.ts";
import {
  type PairwiseDistanceOptions,
  pairwiseDistance,
  pairwiseDistanceOptions,
} from "../../functional/pairwise-distance.ts";
import { Module } from "../../module/module.ts";

/**
 * Distance of each two vectors, along the last dimension: `(Σ |x1 - x2 + eps|^p)^(1/p)`.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html | torch.nn.PairwiseDistance}
 * @example
 * const distance = new PairwiseDistance({ eps: 0 });
 * await distance.forward(tensor([[0, 0]]), tensor([[3, 4]])).array(); // => [5]
 */
export class PairwiseDistance extends Module {
  readonly #options: Required<PairwiseDistanceOptions>;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    this.#options = pairwiseDistanceOptions("PairwiseDistance", options);
  }

  /**
   * @param x1 - [N, D] or [D]
   * @param x2 - the same; shapes broadcast
   * @returns [N] or []; [N, 1] or [1] with `keepdim`
   */
  forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, this.#options);
  }

  protected override extraRepr(): string {
    return shownOptions(this.#options, pairwiseDistanceOptions("PairwiseDistance", {}));
  }
}
