import { type AvgPoolOptions as AvgPoolFunctionOptions, OptionError, type Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import type { Sizes } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";
import { checkSliding, type SlidingOptions } from "./pool-options.ts";

export interface AvgPoolOptions<Size extends Sizes> extends SlidingOptions<Size> {
  /** Do zeros of the padding count as elements? @defaultValue true */
  readonly countIncludePad?: boolean;
}

export interface AvgPoolWithDivisorOptions<Size extends Sizes> extends AvgPoolOptions<Size> {
  /** Divides the sums, in place of the numbers of elements: any integer but 0. @defaultValue null */
  readonly divisorOverride?: number | null;
}

type Pool = (x: Tensor, kernelSize: Sizes, options: AvgPoolFunctionOptions) => Tensor;

/** A mean pooling over so many dimensions, and the function that computes it. */
export abstract class AvgPool extends Module {
  readonly #pool: Pool;
  readonly #kernelSize: Sizes;
  readonly #options: Required<AvgPoolWithDivisorOptions<Sizes>>;

  constructor(rank: 1 | 2 | 3, pool: Pool, kernelSize: Sizes, given: AvgPoolWithDivisorOptions<Sizes>) {
    super();
    const options = withDefaults(defaultsFor(kernelSize), given);
    checkSliding(this.constructor.name, rank, kernelSize, options);
    const { divisorOverride } = options;
    if (divisorOverride !== null && (!Number.isInteger(divisorOverride) || divisorOverride === 0)) {
      throw new OptionError(
        this.constructor.name,
        `divisorOverride is ${divisorOverride}`,
        "Give an integer other than 0.",
      );
    }
    this.#pool = pool;
    this.#kernelSize = kernelSize;
    this.#options = options;
  }

  /** @param x - [N, C, ...] or [C, ...] @returns the same with fewer elements in the last dimensions */
  forward(x: Tensor): Tensor {
    return this.#pool(x, this.#kernelSize, this.#options);
  }

  protected override extraRepr(): string {
    return shownArguments(shown(this.#kernelSize), shownOptions(this.#options, defaultsFor(this.#kernelSize)));
  }
}

const defaultsFor = (kernelSize: Sizes): Required<AvgPoolWithDivisorOptions<Sizes>> => ({
  stride: kernelSize,
  padding: 0,
  ceilMode: false,
  countIncludePad: true,
  divisorOverride: null,
});
