import type { Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

/**
 * max(x, 0).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html | torch.nn.ReLU}
 * @example
 * await new ReLU().forward(tensor([-1, 2])).array(); // => [0, 2]
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return x.relu();
  }
}
