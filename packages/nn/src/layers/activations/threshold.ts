import { type Tensor, threshold } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/**
 * `x` above `threshold`, `value` elsewhere.
 *
 * @throws {OptionError} if one of the two is no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Threshold.html | torch.nn.Threshold}
 * @example
 * await new Threshold(0.1, -2).forward(tensor([0.1, 0.2])).array(); // => [-2, 0.2]
 */
export class Threshold extends Module {
  readonly #threshold: number;
  readonly #value: number;

  constructor(threshold: number, value: number) {
    super();
    checkNumber("Threshold", "threshold", threshold);
    checkNumber("Threshold", "value", value);
    this.#threshold = threshold;
    this.#value = value;
  }

  forward(x: Tensor): Tensor {
    return threshold(x, this.#threshold, this.#value);
  }

  protected override extraRepr(): string {
    return `${this.#threshold}, ${this.#value}`;
  }
}
