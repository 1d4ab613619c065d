import { type AlphaOption, celu, elu, OptionError, selu, type Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import { Activation } from "./activation.ts";

/**
 * `x` above 0, `alpha (e^x - 1)` elsewhere.
 *
 * @throws {OptionError} if `alpha` is no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html | torch.nn.ELU}
 * @see {@link https://arxiv.org/abs/1511.07289 | ELU, Clevert et al. 2015}
 * @example
 * await new ELU({ alpha: 2 }).forward(tensor([-1000, 3])).array(); // => [-2, 3]
 */
export class ELU extends Activation<AlphaOption> {
  constructor(options: AlphaOption = {}) {
    super({ alpha: 1 }, options);
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.options);
  }
}

/**
 * `x` above 0, `alpha (e^(x / alpha) - 1)` elsewhere: an {@link ELU} that is smooth at 0 for every alpha.
 *
 * @throws {OptionError} if `alpha` is no number, or 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CELU.html | torch.nn.CELU}
 * @see {@link https://arxiv.org/abs/1704.07483 | CELU, Barron 2017}
 * @example
 * await new CELU({ alpha: 2 }).forward(tensor([-1000, 3])).array(); // => [-2, 3]
 */
export class CELU extends Activation<AlphaOption> {
  constructor(options: AlphaOption = {}) {
    super({ alpha: 1 }, options);
    if (this.options.alpha === 0) {
      throw new OptionError("CELU", "alpha is 0", "It divides: give another number, or use ReLU.");
    }
  }

  forward(x: Tensor): Tensor {
    return celu(x, this.options);
  }
}

/**
 * `scale x` above 0, `scale alpha (e^x - 1)` elsewhere, with the `scale` of 1.0507 and the `alpha` of 1.6733 that keep mean 0 and variance 1
 * from layer to layer. Goes with {@link AlphaDropout}.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html | torch.nn.SELU}
 * @see {@link https://arxiv.org/abs/1706.02515 | SELU, Klambauer et al. 2017}
 * @example
 * await new SELU().forward(tensor([0])).array(); // => [0]
 */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return selu(x);
  }
}
