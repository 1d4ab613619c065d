import { empty, type Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { bilinear } from "../../functional/bilinear.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface BilinearOptions {
  /** Add a learned number to each output. @defaultValue true */
  readonly bias?: boolean;
}

/**
 * `x1ᵀ · weight[o] · x2 + bias[o]` for each output `o`. Weight, [out, in1, in2], and bias, [out], start uniform in ±1/√in1.
 *
 * @param in1Features - size of the last dimension of its first input
 * @param in2Features - of its second
 * @param outFeatures - of its output
 * @throws {OptionError} if a size is no integer from 0 on, or `in1Features` is 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html | torch.nn.Bilinear}
 * @example
 * new Bilinear(4, 5, 2).forward(ones([3, 4]), ones([3, 5])).shape; // => [3, 2]
 */
export class Bilinear extends Module {
  weight: Parameter;
  bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, { bias = true }: BilinearOptions = {}) {
    super();
    checkSize("Bilinear", "in1Features", in1Features, 1);
    checkSize("Bilinear", "in2Features", in2Features, 0);
    checkSize("Bilinear", "outFeatures", outFeatures, 0);
    const bound = 1 / Math.sqrt(in1Features);
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features]).uniform_(-bound, bound));
    this.bias = bias ? new Parameter(empty([outFeatures]).uniform_(-bound, bound)) : null;
  }

  /** @param x1 - [..., in1] @param x2 - [..., in2] @returns [..., out] */
  forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias);
  }

  protected override extraRepr(): string {
    const [outFeatures, in1Features, in2Features] = this.weight.shape;
    const sizes = `${in1Features}, ${in2Features}, ${outFeatures}`;
    return this.bias ? sizes : `${sizes}, { bias: false }`;
  }
}
