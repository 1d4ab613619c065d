import { empty, linear, type Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface LinearOptions {
  /** Add a learned number to each output. @defaultValue true */
  readonly bias?: boolean;
}

/**
 * `x · weightᵀ + bias`. Weight, [out, in], and bias, [out], start uniform in ±1/√in.
 *
 * @param inFeatures - size of the last dimension of its input
 * @param outFeatures - size of the last dimension of its output
 * @throws {OptionError} if a size is no integer from 0 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html | torch.nn.Linear}
 * @example
 * new Linear(4, 2).forward(ones([3, 4])).shape; // => [3, 2]
 */
export class Linear extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly #inFeatures: number;
  readonly #outFeatures: number;

  constructor(inFeatures: number, outFeatures: number, { bias = true }: LinearOptions = {}) {
    super();
    checkSize("Linear", "inFeatures", inFeatures, 0);
    checkSize("Linear", "outFeatures", outFeatures, 0);
    this.#inFeatures = inFeatures;
    this.#outFeatures = outFeatures;
    // PyTorch's kaiming_uniform_(a = √5) comes to this.
    const bound = inFeatures === 0 ? 0 : 1 / Math.sqrt(inFeatures);
    this.weight = new Parameter(empty([outFeatures, inFeatures]).uniform_(-bound, bound));
    this.bias = bias ? new Parameter(empty([outFeatures]).uniform_(-bound, bound)) : null;
  }

  /** @param x - [..., in] @returns [..., out] */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  protected override extraRepr(): string {
    return `${this.#inFeatures}, ${this.#outFeatures}, { bias: ${this.bias !== null} }`;
  }
}
