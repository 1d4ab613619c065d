import { softplus, type Tensor } from "@anneal/tensor";
import { Activation } from "./activation.ts";

export interface SoftplusOptions {
  /** How sharp the bend is. @defaultValue 1 */
  readonly beta?: number;
  /** The `beta x` from which on it counts as straight. @defaultValue 20 */
  readonly threshold?: number;
}

/**
 * A smooth {@link ReLU}: `ln(1 + e^(beta x)) / beta`, and `x` itself where `beta x` is above `threshold`.
 *
 * @throws {OptionError} if an option is no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html | torch.nn.Softplus}
 * @example
 * await new Softplus({ beta: 2 }).forward(tensor([-1000, 1000])).array(); // => [0, 1000]
 */
export class Softplus extends Activation<SoftplusOptions> {
  constructor(options: SoftplusOptions = {}) {
    super({ beta: 1, threshold: 20 }, options);
  }

  forward(x: Tensor): Tensor {
    return softplus(x, this.options);
  }
}
