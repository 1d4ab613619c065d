import { full, type Tensor } from "@anneal/tensor";
import { checkNumber, checkSize } from "../../check-options.ts";
import { prelu } from "../../functional/prelu.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface PReLUOptions {
  /** Slope below 0 to start from. @defaultValue 0.25 */
  readonly init?: number;
}

/**
 * `x` above 0, `weight x` elsewhere, with slopes that are learned. (Weight decay would draw them to 0: leave them out of it.)
 *
 * @param numParameters - 1 slope for all, or one for each channel; default 1
 * @throws {OptionError} if `numParameters` is no integer from 1 on, or `init` no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html | torch.nn.PReLU}
 * @see {@link https://arxiv.org/abs/1502.01852 | Delving Deep into Rectifiers, He et al. 2015}
 * @example
 * await new PReLU().forward(tensor([-8, 8])).array(); // => [-2, 8]
 */
export class PReLU extends Module {
  weight: Parameter;
  readonly #init: number;

  constructor(numParameters = 1, { init = 0.25 }: PReLUOptions = {}) {
    super();
    checkSize("PReLU", "numParameters", numParameters, 1);
    checkNumber("PReLU", "init", init);
    this.#init = init;
    this.weight = new Parameter(full([numParameters], init));
  }

  /** @param x - [N, C, ...]; of any shape if there is one slope @returns the same shape */
  forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  protected override extraRepr(): string {
    return this.#init === 0.25 ? `${this.weight.numel}` : `${this.weight.numel}, { init: ${this.#init} }`;
  }
}
