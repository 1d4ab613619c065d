import { type AdaptiveSize, type IndicesOption, OptionError, type Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions } from "../../check-options.ts";
import { orLists } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";

/** An adaptive pooling over so many dimensions: the check and the show of its options. */
export abstract class AdaptivePool<Result> extends Module {
  readonly #pool: (x: Tensor) => Result;
  readonly #shown: string;

  constructor(
    rank: 1 | 2 | 3,
    pool: (x: Tensor) => Result,
    outputSize: AdaptiveSize,
    { returnIndices = false }: IndicesOption = {},
  ) {
    super();
    const sizes: readonly unknown[] = Array.isArray(outputSize) ? outputSize : [outputSize];
    const fits = sizes.length === rank || !Array.isArray(outputSize);
    const isSize = (each: unknown) => each === null || (typeof each === "number" && Number.isInteger(each) && each > 0);
    if (!fits || !sizes.every(isSize)) {
      throw new OptionError(
        this.constructor.name,
        `outputSize is ${shown(outputSize)}`,
        `Give an integer from 1 on${orLists(rank)}; null leaves a size as it is.`,
      );
    }
    this.#pool = pool;
    this.#shown = shownArguments(shown(outputSize), shownOptions({ returnIndices }, { returnIndices: false }));
  }

  /** @param x - [N, C, ...] or [C, ...] @returns the same with the last dimensions in the sizes asked for */
  forward(x: Tensor): Result {
    return this.#pool(x);
  }

  protected override extraRepr(): string {
    return this.#shown;
  }
}
