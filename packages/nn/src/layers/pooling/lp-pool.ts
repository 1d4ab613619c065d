import type { Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import type { Sizes } from "../../check-sizes.ts";
import { checkNormType, type LpPoolOptions } from "../../functional/lp-pool.ts";
import { Module } from "../../module/module.ts";
import { checkSliding } from "./pool-options.ts";

type Pool = (x: Tensor, normType: number, kernelSize: Sizes, options: LpPoolOptions) => Tensor;

/** A p-norm pooling over so many dimensions, and the function that computes it. */
export abstract class LPPool extends Module {
  readonly #pool: Pool;
  readonly #normType: number;
  readonly #kernelSize: Sizes;
  readonly #options: Required<LpPoolOptions>;

  constructor(rank: 1 | 2 | 3, pool: Pool, normType: number, kernelSize: Sizes, given: LpPoolOptions) {
    super();
    const options = withDefaults(defaultsFor(kernelSize), given);
    checkNormType(this.constructor.name, normType);
    checkSliding(this.constructor.name, rank, kernelSize, { ...options, padding: 0 });
    this.#pool = pool;
    this.#normType = normType;
    this.#kernelSize = kernelSize;
    this.#options = options;
  }

  /** @param x - [N, C, ...] or [C, ...] @returns the same with fewer elements in the last dimensions */
  forward(x: Tensor): Tensor {
    return this.#pool(x, this.#normType, this.#kernelSize, this.#options);
  }

  protected override extraRepr(): string {
    const options = shownOptions(this.#options, defaultsFor(this.#kernelSize));
    return shownArguments(shown(this.#normType), shown(this.#kernelSize), options);
  }
}

const defaultsFor = (kernelSize: Sizes): Required<LpPoolOptions> => ({ stride: kernelSize, ceilMode: false });
