import { hardtanh, OptionError, softsign, type Tensor, tanh } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import { Activation } from "./activation.ts";

/**
 * The hyperbolic tangent, from -1 to 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html | torch.nn.Tanh}
 * @example
 * await new Tanh().forward(tensor([-1000, 0, 1000])).array(); // => [-1, 0, 1]
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

export interface HardtanhOptions {
  /** @defaultValue -1 */
  readonly minVal?: number;
  /** @defaultValue 1 */
  readonly maxVal?: number;
}

/**
 * `min(max(x, minVal), maxVal)`.
 *
 * @throws {OptionError} if `minVal` is not below `maxVal`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html | torch.nn.Hardtanh}
 * @example
 * await new Hardtanh({ maxVal: 2 }).forward(tensor([-3, 0.5, 3])).array(); // => [-1, 0.5, 2]
 */
export class Hardtanh extends Activation<HardtanhOptions> {
  constructor(options: HardtanhOptions = {}) {
    super({ minVal: -1, maxVal: 1 }, options);
    const { minVal, maxVal } = this.options;
    if (minVal >= maxVal) {
      throw new OptionError("Hardtanh", `minVal is ${minVal} and maxVal ${maxVal}`, "Give the smaller one as minVal.");
    }
  }

  forward(x: Tensor): Tensor {
    return hardtanh(x, this.options);
  }
}

/**
 * `x / (1 + |x|)`, from -1 to 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softsign.html | torch.nn.Softsign}
 * @example
 * await new Softsign().forward(tensor([-1, 0, 3])).array(); // => [-0.5, 0, 0.75]
 */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return softsign(x);
  }
}
