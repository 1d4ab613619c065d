import type { Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

/**
 * What it is given, unchanged: it stands where a model has no layer. Whatever it is made with is ignored, so it can take the place of any.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html | torch.nn.Identity}
 * @example
 * await new Identity(64, { bias: false }).forward(tensor([1, 2])).array(); // => [1, 2]
 */
export class Identity extends Module {
  constructor(..._ignored: readonly unknown[]) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}
