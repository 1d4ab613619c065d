import type { Tensor } from "@anneal/tensor";
import { type Layer, Module } from "../../module/module.ts";
import { checkModule } from "./check-member.ts";

/**
 * Layers one after the other; their names in the state dict are their numbers.
 *
 * @throws {OptionError} if something in it is no module
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html | torch.nn.Sequential}
 * @example
 * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * model.forward(ones([3, 4])).shape; // => [3, 2]
 */
export class Sequential extends Module implements Iterable<Layer> {
  readonly #layers: readonly Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.#layers = layers.map((layer) => checkModule("Sequential", layer));
  }

  protected override members(): [string, unknown][] {
    return [...Object.entries(this), ...this.#layers.map((layer, i): [string, Layer] => [String(i), layer])];
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce((y, layer) => layer.forward(y), x);
  }

  /** Number of layers. */
  get length(): number {
    return this.#layers.length;
  }

  /** The layer at a position, from the end where it is negative. */
  at(position: number): Layer | undefined {
    return this.#layers.at(position);
  }

  [Symbol.iterator](): Iterator<Layer> {
    return this.#layers[Symbol.iterator]();
  }
}
