import type { IndicesOption, MaxPoolOptions as MaxPoolFunctionOptions, MaxPoolResult, Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { checkSizes, type Sizes } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";
import { checkSliding, type SlidingOptions } from "./pool-options.ts";

export interface MaxPoolOptions<Size extends Sizes, Indices extends boolean = boolean>
  extends SlidingOptions<Size>,
    IndicesOption<Indices> {
  /** Distance between the elements of a window. @defaultValue 1 */
  readonly dilation?: Size;
}

type Pool<Indices extends boolean> = (
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolFunctionOptions<Indices>,
) => MaxPoolResult<Indices>;

/** A max pooling over so many dimensions, and the function that computes it. */
export abstract class MaxPool<Indices extends boolean> extends Module {
  readonly #pool: Pool<Indices>;
  readonly #kernelSize: Sizes;
  readonly #options: Required<MaxPoolOptions<Sizes>>;
  readonly #returnIndices: Indices | undefined;

  constructor(rank: 1 | 2 | 3, pool: Pool<Indices>, kernelSize: Sizes, given: MaxPoolOptions<Sizes, Indices>) {
    super();
    const options = withDefaults(defaultsFor(kernelSize), given);
    checkSliding(this.constructor.name, rank, kernelSize, options);
    checkSizes(this.constructor.name, "dilation", options.dilation, rank, 1);
    this.#pool = pool;
    this.#kernelSize = kernelSize;
    this.#options = options;
    this.#returnIndices = given.returnIndices;
  }

  /** @param x - [N, C, ...] or [C, ...] @returns the same with fewer elements in the last dimensions; with `returnIndices` a pair */
  forward(x: Tensor): MaxPoolResult<Indices> {
    return this.#pool(x, this.#kernelSize, { ...this.#options, returnIndices: this.#returnIndices });
  }

  protected override extraRepr(): string {
    return shownArguments(shown(this.#kernelSize), shownOptions(this.#options, defaultsFor(this.#kernelSize)));
  }
}

const defaultsFor = (kernelSize: Sizes): Required<MaxPoolOptions<Sizes>> => ({
  stride: kernelSize,
  padding: 0,
  dilation: 1,
  returnIndices: false,
  ceilMode: false,
});
