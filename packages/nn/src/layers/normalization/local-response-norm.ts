import type { Tensor } from "@anneal/tensor";
import { checkSize, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { type LocalResponseNormOptions, localResponseNorm } from "../../functional/local-response-norm.ts";
import { Module } from "../../module/module.ts";

const defaults = { alpha: 1e-4, beta: 0.75, k: 1 };

/**
 * Local response normalization: each channel divided by what its neighbours add up to.
 *
 * @param size - how many neighbouring channels, itself included
 * @throws {OptionError} if the size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html | torch.nn.LocalResponseNorm}
 * @example
 * new LocalResponseNorm(2).forward(randn([8, 6, 4, 4])).shape; // => [8, 6, 4, 4]
 */
export class LocalResponseNorm extends Module {
  readonly #size: number;
  readonly #options: Required<LocalResponseNormOptions>;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    checkSize("LocalResponseNorm", "size", size, 1);
    this.#size = size;
    this.#options = withDefaults(defaults, options);
  }

  /** @param x - [N, C, ...] with at least one dimension after C @returns the same shape */
  forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.#size, this.#options);
  }

  protected override extraRepr(): string {
    return shownArguments(String(this.#size), shownOptions(this.#options, defaults));
  }
}
