import type { Tensor } from "@anneal/tensor";
import { shownOptions } from "../../check-options.ts";
import {
  type CosineSimilarityOptions,
  cosineSimilarity,
  cosineSimilarityOptions,
} from "../../functional/cosine-similarity.ts";
import { Module } from "../../module/module.ts";

/**
 * Cosine of the angle of each two vectors: `x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps))`, from -1 to 1.
 *
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html | torch.nn.CosineSimilarity}
 * @example
 * const similarity = new CosineSimilarity();
 * await similarity.forward(tensor([[1, 0]]), tensor([[3, 4]])).array(); // => [0.6]
 */
export class CosineSimilarity extends Module {
  readonly #options: Required<CosineSimilarityOptions>;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    this.#options = cosineSimilarityOptions("CosineSimilarity", options);
  }

  /**
   * @param x1 - [..., D, ...], with the D numbers of a vector along `dim`
   * @param x2 - the same; shapes broadcast
   * @returns the same without `dim`
   */
  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, this.#options);
  }

  protected override extraRepr(): string {
    return shownOptions(this.#options, cosineSimilarityOptions("CosineSimilarity", {}));
  }
}
