import { leakyRelu, type Tensor } from "@anneal/tensor";
import { Activation } from "./activation.ts";

export interface LeakyReLUOptions {
  /** Slope below 0. @defaultValue 0.01 */
  readonly negativeSlope?: number;
}

/**
 * `x` above 0, `negativeSlope x` elsewhere.
 *
 * @throws {OptionError} if the slope is no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html | torch.nn.LeakyReLU}
 * @example
 * await new LeakyReLU({ negativeSlope: 0.25 }).forward(tensor([-8, 8])).array(); // => [-2, 8]
 */
export class LeakyReLU extends Activation<LeakyReLUOptions> {
  constructor(options: LeakyReLUOptions = {}) {
    super({ negativeSlope: 0.01 }, options);
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.options);
  }
}
