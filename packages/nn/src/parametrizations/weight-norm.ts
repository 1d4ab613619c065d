import { OptionError, type Tensor } from "@anneal/tensor";
import { Module } from "../module/module.ts";
import { currentValue, registerParametrization } from "./register.ts";

export interface WeightNormOptions {
  /** Of the parameter. @defaultValue "weight" */
  readonly name?: string;
  /** The dimension whose slices have a norm each; null for one norm of the whole. @defaultValue 0 */
  readonly dim?: number | null;
}

/** `original0 * original1 / ‖original1‖`. */
class WeightNorm extends Module {
  readonly #dim: number | null;

  constructor(dim: number | null) {
    super();
    this.#dim = dim;
  }

  forward(length: Tensor, direction: Tensor): Tensor {
    return direction.mul(length.div(this.#normOf(direction)));
  }

  rightInverse(value: Tensor): readonly [Tensor, Tensor] {
    return [this.#normOf(value), value];
  }

  #normOf(x: Tensor): Tensor {
    if (this.#dim === null) return x.norm();
    const dim = x.shape.flatMap((_, d) => (d === this.#dim ? [] : [d]));
    // Of a vector each number is a slice.
    return dim.length === 0 ? x.abs() : x.norm({ dim, keepdim: true });
  }

  protected override extraRepr(): string {
    return this.#dim === 0 ? "" : `{ dim: ${this.#dim} }`;
  }
}

/**
 * Weight normalization: learn length and direction of a weight apart, `weight = g * v / ‖v‖`, with a norm for each slice of `dim`.
 *
 * In the state dict `parametrizations.weight.original0` is g, [out, 1, ...], and `original1` is v, of the weight's shape. Build the
 * optimizer afterwards; {@link removeParametrizations} makes the weight a plain parameter again.
 *
 * @param module - changed, and returned
 * @throws {OptionError} if there is no such parameter, or no such dimension
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html | torch.nn.utils.parametrizations.weight_norm}
 * @see {@link https://arxiv.org/abs/1602.07868 | Weight Normalization, Salimans & Kingma 2016}
 * @example
 * const layer = weightNorm(new Linear(20, 40));
 * layer.stateDict().get("parametrizations.weight.original0")?.shape; // => [40, 1]
 * layer.forward(ones([20])).shape; // => [40]
 */
export function weightNorm<M extends Module>(module: M, { name = "weight", dim = 0 }: WeightNormOptions = {}): M {
  const rank = currentValue("weightNorm", module, name).ndim;
  if (dim !== null && !(Number.isInteger(dim) && dim >= 0 && dim < rank)) {
    throw new OptionError("weightNorm", `dim is ${dim}`, `Give an integer from 0 to ${rank - 1}, or null for all.`);
  }
  return registerParametrization(module, name, new WeightNorm(dim));
}
