import type { Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { asParameter } from "./check-member.ts";
import { checkKey, type Entries, entriesOf } from "./keyed.ts";

/**
 * Parameters by name, in the order in which they were put there; the names are those in the state dict.
 *
 * @param parameters - a map, a list of pairs, or a plain object (which puts keys that are whole numbers first); tensors become parameters
 *   over the same memory
 * @throws {OptionError} if a name is empty or has a dot, or something is no tensor
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html | torch.nn.ParameterDict}
 * @example
 * const scales = new ParameterDict({ left: ones([2]), right: ones([3]) });
 * scales.get("right")?.shape; // => [3]
 */
export class ParameterDict extends Module implements Iterable<[string, Parameter]> {
  readonly #parameters = new Map<string, Parameter>();

  constructor(parameters: Entries<Parameter | Tensor> = {}) {
    super();
    for (const [key, parameter] of entriesOf(parameters)) this.set(key, parameter);
  }

  protected override members(): [string, unknown][] {
    return [...Object.entries(this), ...this.#parameters];
  }

  protected override setMember(name: string, value: Parameter): void {
    if (Object.hasOwn(this, name)) super.setMember(name, value);
    else this.#parameters.set(name, value);
  }

  /** Put a parameter under a name; one that is there already keeps its place in the order. */
  set(key: string, parameter: Parameter | Tensor): this {
    this.#parameters.set(checkKey("ParameterDict", key), asParameter("ParameterDict", parameter));
    return this;
  }

  get(key: string): Parameter | undefined {
    return this.#parameters.get(key);
  }

  has(key: string): boolean {
    return this.#parameters.has(key);
  }

  /** Take a parameter out. Returns whether it was there. */
  delete(key: string): boolean {
    return this.#parameters.delete(key);
  }

  /** Number of parameters. */
  get size(): number {
    return this.#parameters.size;
  }

  keys(): Iterator<string> & Iterable<string> {
    return this.#parameters.keys();
  }

  values(): Iterator<Parameter> & Iterable<Parameter> {
    return this.#parameters.values();
  }

  [Symbol.iterator](): Iterator<[string, Parameter]> {
    return this.#parameters[Symbol.iterator]();
  }

  /** A dictionary computes nothing: its owner uses the parameters in it. */
  forward(): never {
    throw new TypeError("ParameterDict.forward: a dictionary computes nothing. Use the parameters in it.");
  }

  protected override extraRepr(): string {
    return [...this.#parameters].map(([key, { shape }]) => `${key}: [${shape.join(", ")}]`).join(", ");
  }
}
