import type { Tensor } from "@anneal/tensor";
import { checkProbability } from "../../check-options.ts";
import { dropout } from "../../functional/dropout.ts";
import { Module } from "../../module/module.ts";

/**
 * In training, each element is 0 with probability `p` and the others grow by 1 / (1 - p); in eval mode nothing happens.
 *
 * @param p - probability of an element to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html | torch.nn.Dropout}
 * @example
 * const dropout = new Dropout(0.5);
 * await dropout.forward(ones([4])).array(); // for example [2, 0, 0, 2]
 * await dropout.eval().forward(ones([4])).array(); // => [1, 1, 1, 1]
 */
export class Dropout extends Module {
  readonly #p: number;

  constructor(p = 0.5) {
    super();
    checkProbability("Dropout", "p", p);
    this.#p = p;
  }

  forward(x: Tensor): Tensor {
    return dropout(x, { p: this.#p, training: this.training });
  }

  protected override extraRepr(): string {
    return String(this.#p);
  }
}
