import type { Tensor } from "@anneal/tensor";
import { checkSlopes, type RReLUOptions, rrelu } from "../../functional/rrelu.ts";
import { Activation } from "./activation.ts";

/**
 * `x` above 0, `slope x` elsewhere: in training the slope is drawn for each element from `lower` to `upper`, in eval mode it is their mean.
 *
 * @throws {OptionError} if `lower` is above `upper`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html | torch.nn.RReLU}
 * @see {@link https://arxiv.org/abs/1505.00853 | Empirical Evaluation of Rectified Activations, Xu et al. 2015}
 * @example
 * const rrelu = new RReLU({ lower: 0.25, upper: 0.75 });
 * await rrelu.forward(tensor([-8, 8])).array(); // for example [-2.9, 8]
 * await rrelu.eval().forward(tensor([-8, 8])).array(); // => [-4, 8]
 */
export class RReLU extends Activation<RReLUOptions> {
  constructor(options: RReLUOptions = {}) {
    super({ lower: 1 / 8, upper: 1 / 3 }, options);
    checkSlopes("RReLU", this.options.lower, this.options.upper);
  }

  forward(x: Tensor): Tensor {
    return rrelu(x, { ...this.options, training: this.training });
  }
}
