import type { Tensor } from "@anneal/tensor";
import { shownArguments, shownOptions } from "../../check-options.ts";
import { checkLookup } from "../../functional/embedding.ts";
import { type BagOptions, checkBag, embeddingBag } from "../../functional/embedding-bag.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import type { PretrainedOptions } from "./embedding.ts";
import { makeTable, sizesOf } from "./table.ts";

export interface EmbeddingBagOptions extends BagOptions {
  /** What the table starts from, [numEmbeddings, embeddingDim]; the module takes over its memory. @defaultValue random numbers */
  readonly weight?: Tensor | null;
}

const defaults: Required<BagOptions> = {
  mode: "mean",
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
  sparse: false,
  includeLastOffset: false,
};

/**
 * The mean (or sum, or maximum) of the rows of a table that each bag of numbers names: `mean(weight[bag])`. A bag without rows gives zeros.
 * The weight, [numEmbeddings, embeddingDim], starts normally distributed, mean 0 and deviation 1, with zeros at `paddingIdx`, which no bag
 * counts.
 *
 * @param numEmbeddings - rows of the table
 * @param embeddingDim - size of a row
 * @throws {OptionError} if a size is no integer from 0 on, or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html | torch.nn.EmbeddingBag}
 * @example
 * const words = new EmbeddingBag(1000, 16, { mode: "sum" });
 * const input = tensor([5, 2, 7, 1, 1], { dtype: "int32" });
 * words.forward(input, tensor([0, 3], { dtype: "int32" })).shape; // => [2, 16]
 */
export class EmbeddingBag extends Module {
  weight: Parameter;
  readonly #sizes: readonly [number, number];
  readonly #options: BagOptions;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions = {}) {
    super();
    const { weight, ...lookup } = options;
    checkLookup("EmbeddingBag", numEmbeddings, lookup);
    checkBag("EmbeddingBag", lookup);
    this.#sizes = [numEmbeddings, embeddingDim];
    this.#options = lookup;
    this.weight = makeTable("EmbeddingBag", numEmbeddings, embeddingDim, options);
  }

  /**
   * A table that has been learned before, as it is, the row at `paddingIdx` too.
   *
   * @param weights - [numEmbeddings, embeddingDim]; the module takes over its memory
   * @example
   * const words = EmbeddingBag.fromPretrained(tensor([[1, 2], [3, 4]]));
   * await words.forward(tensor([[0, 1]], { dtype: "int32" })).array(); // => [[2, 3]]
   */
  static fromPretrained(
    weights: Tensor,
    { freeze = true, ...options }: BagOptions & PretrainedOptions = {},
  ): EmbeddingBag {
    const made = new EmbeddingBag(...sizesOf("EmbeddingBag.fromPretrained", weights), { ...options, weight: weights });
    return made.requiresGrad_(!freeze);
  }

  /**
   * @param input - row numbers, int32 (int64 and uint8 do too): [B, n], each line a bag, or a list, [n]
   * @param offsets - where each bag of a list starts, [B]
   * @param options - `perSampleWeights`: a factor for each index, of the shape of the input; with mode "sum" only
   * @returns [B, embeddingDim]
   */
  forward(
    input: Tensor,
    offsets: Tensor | null = null,
    { perSampleWeights = null }: { readonly perSampleWeights?: Tensor | null } = {},
  ): Tensor {
    return embeddingBag(input, this.weight, { ...this.#options, offsets, perSampleWeights });
  }

  /** None: rows are found, not computed. */
  override macs(): number {
    return 0;
  }

  protected override extraRepr(): string {
    const options = shownOptions(this.#options, defaults);
    return shownArguments(...this.#sizes.map(String), options);
  }
}
