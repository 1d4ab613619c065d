import type { Tensor } from "@anneal/tensor";
import { shownArguments, shownOptions } from "../../check-options.ts";
import { checkLookup, embedding, type LookupOptions } from "../../functional/embedding.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { makeTable, sizesOf } from "./table.ts";

export interface EmbeddingOptions extends LookupOptions {
  /** What the table starts from, [numEmbeddings, embeddingDim]; the module takes over its memory. @defaultValue random numbers */
  readonly weight?: Tensor | null;
}

/** @see {@link Embedding.fromPretrained} */
export interface PretrainedOptions {
  /** Do not learn: the weight wants no gradient. @defaultValue true */
  readonly freeze?: boolean;
}

const defaults: Required<LookupOptions> = {
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
  sparse: false,
};

/**
 * A table of vectors, looked up by number: `weight[x]`. The weight, [numEmbeddings, embeddingDim], starts normally distributed, mean 0 and
 * deviation 1, with zeros at `paddingIdx`.
 *
 * @param numEmbeddings - rows of the table
 * @param embeddingDim - size of a row
 * @throws {OptionError} if a size is no integer from 0 on, or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html | torch.nn.Embedding}
 * @example
 * const words = new Embedding(1000, 16, { paddingIdx: 0 });
 * words.forward(tensor([[5, 2, 0], [7, 0, 0]], { dtype: "int32" })).shape; // => [2, 3, 16]
 */
export class Embedding extends Module {
  weight: Parameter;
  readonly #sizes: readonly [number, number];
  readonly #options: LookupOptions;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    const { weight, ...lookup } = options;
    checkLookup("Embedding", numEmbeddings, lookup);
    this.#sizes = [numEmbeddings, embeddingDim];
    this.#options = lookup;
    this.weight = makeTable("Embedding", numEmbeddings, embeddingDim, options);
  }

  /**
   * A table that has been learned before, as it is, the row at `paddingIdx` too.
   *
   * @param weights - [numEmbeddings, embeddingDim]; the module takes over its memory
   * @example
   * const words = Embedding.fromPretrained(tensor([[1, 2], [3, 4]]));
   * await words.forward(tensor([1], { dtype: "int32" })).array(); // => [[3, 4]]
   */
  static fromPretrained(
    weights: Tensor,
    { freeze = true, ...options }: LookupOptions & PretrainedOptions = {},
  ): Embedding {
    const made = new Embedding(...sizesOf("Embedding.fromPretrained", weights), { ...options, weight: weights });
    return made.requiresGrad_(!freeze);
  }

  /** @param x - row numbers, int32 (int64 and uint8 do too), [...] @returns [..., embeddingDim] */
  forward(x: Tensor): Tensor {
    return embedding(x, this.weight, this.#options);
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
