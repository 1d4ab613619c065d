import { relu, relu6, type Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

/**
 * `max(x, 0)`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html | torch.nn.ReLU}
 * @example
 * await new ReLU().forward(tensor([-1, 2])).array(); // => [0, 2]
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * `min(max(x, 0), 6)`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html | torch.nn.ReLU6}
 * @example
 * await new ReLU6().forward(tensor([-1, 2, 9])).array(); // => [0, 2, 6]
 */
export class ReLU6 extends Module {
  forward(x: Tensor): Tensor {
    return relu6(x);
  }
}
