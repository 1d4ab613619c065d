import type { Tensor } from "@anneal/tensor";
import { checkSoftshrink, hardshrink, type ShrinkOptions, softshrink, tanhshrink } from "../../functional/shrink.ts";
import { Module } from "../../module/module.ts";
import { Activation } from "./activation.ts";

/**
 * `x` where it is farther from 0 than `lambd`, 0 elsewhere.
 *
 * @throws {OptionError} if `lambd` is no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html | torch.nn.Hardshrink}
 * @example
 * await new Hardshrink().forward(tensor([-2, 0.3, 1])).array(); // => [-2, 0, 1]
 */
export class Hardshrink extends Activation<ShrinkOptions> {
  constructor(options: ShrinkOptions = {}) {
    super({ lambd: 0.5 }, options);
  }

  forward(x: Tensor): Tensor {
    return hardshrink(x, this.options);
  }
}

/**
 * `x` moved by `lambd` towards 0, and 0 where that is nearer.
 *
 * @throws {OptionError} if `lambd` is no number from 0 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softshrink.html | torch.nn.Softshrink}
 * @example
 * await new Softshrink().forward(tensor([-2, 0.3, 1])).array(); // => [-1.5, 0, 0.5]
 */
export class Softshrink extends Activation<ShrinkOptions> {
  constructor(options: ShrinkOptions = {}) {
    super({ lambd: 0.5 }, options);
    checkSoftshrink("Softshrink", this.options);
  }

  forward(x: Tensor): Tensor {
    return softshrink(x, this.options);
  }
}

/**
 * `x - tanh(x)`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html | torch.nn.Tanhshrink}
 * @example
 * await new Tanhshrink().forward(tensor([-1000, 0, 1000])).array(); // => [-999, 0, 999]
 */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}
