import type { MaxUnpoolOptions as MaxUnpoolFunctionOptions, Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { checkSizes, type Sizes } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";

/** Those of the max pooling that found the positions. */
export interface MaxUnpoolOptions<Size extends Sizes> {
  /** @defaultValue the kernel size */
  readonly stride?: Size;
  /** @defaultValue 0 */
  readonly padding?: Size;
}

type Unpool = (x: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolFunctionOptions) => Tensor;

/** The way back from a max pooling over so many dimensions, and the function that computes it. */
export abstract class MaxUnpool extends Module {
  readonly #unpool: Unpool;
  readonly #kernelSize: Sizes;
  readonly #options: Required<MaxUnpoolOptions<Sizes>>;

  constructor(rank: 1 | 2 | 3, unpool: Unpool, kernelSize: Sizes, given: MaxUnpoolOptions<Sizes>) {
    super();
    const options = withDefaults(defaultsFor(kernelSize), given);
    checkSizes(this.constructor.name, "kernelSize", kernelSize, rank, 1);
    checkSizes(this.constructor.name, "stride", options.stride, rank, 1);
    checkSizes(this.constructor.name, "padding", options.padding, rank, 0);
    this.#unpool = unpool;
    this.#kernelSize = kernelSize;
    this.#options = options;
  }

  /**
   * @param x - [N, C, ...] or [C, ...]
   * @param indices - positions in the flattened result, of the shape of `x`, int32
   * @param options - `outputSize`: the sizes of the result, where several are possible: its last dimensions, or its whole shape
   * @returns the same with more elements in the last dimensions
   */
  forward(x: Tensor, indices: Tensor, { outputSize }: Pick<MaxUnpoolFunctionOptions, "outputSize"> = {}): Tensor {
    return this.#unpool(x, indices, this.#kernelSize, { ...this.#options, outputSize });
  }

  protected override extraRepr(): string {
    return shownArguments(shown(this.#kernelSize), shownOptions(this.#options, defaultsFor(this.#kernelSize)));
  }
}

const defaultsFor = (kernelSize: Sizes): Required<MaxUnpoolOptions<Sizes>> => ({ stride: kernelSize, padding: 0 });
