import type { Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { asParameter } from "./check-member.ts";

/**
 * Parameters in a list; their names in the state dict are their numbers.
 *
 * A plain array in a field is not looked into: parameters in it would be neither trained nor saved.
 *
 * @param parameters - tensors become parameters over the same memory
 * @throws {OptionError} if something in it is no tensor
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterList.html | torch.nn.ParameterList}
 * @example
 * class Scales extends Module {
 *   scales = new ParameterList([ones([4]), ones([4])]);
 *   forward(x: Tensor): Tensor {
 *     return [...this.scales].reduce((y, scale) => y.mul(scale), x);
 *   }
 * }
 * [...new Scales().stateDict().keys()]; // => ["scales.0", "scales.1"]
 */
export class ParameterList extends Module implements Iterable<Parameter> {
  readonly #parameters: Parameter[];

  constructor(parameters: Iterable<Parameter | Tensor> = []) {
    super();
    this.#parameters = Array.from(parameters, (each) => asParameter("ParameterList", each));
  }

  protected override members(): [string, unknown][] {
    return [...Object.entries(this), ...this.#parameters.map((each, i): [string, Parameter] => [String(i), each])];
  }

  protected override setMember(name: string, value: Parameter): void {
    if (Object.hasOwn(this, name)) super.setMember(name, value);
    else this.#parameters[Number(name)] = value;
  }

  /** Add a parameter at the end. */
  append(parameter: Parameter | Tensor): this {
    this.#parameters.push(asParameter("ParameterList", parameter));
    return this;
  }

  /** Add parameters at the end. */
  extend(parameters: Iterable<Parameter | Tensor>): this {
    for (const parameter of parameters) this.append(parameter);
    return this;
  }

  /** Number of parameters. */
  get length(): number {
    return this.#parameters.length;
  }

  /** The parameter at a position, from the end where it is negative. */
  at(position: number): Parameter | undefined {
    return this.#parameters.at(position);
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.#parameters[Symbol.iterator]();
  }

  /** A list computes nothing: its owner uses the parameters in it. */
  forward(): never {
    throw new TypeError("ParameterList.forward: a list computes nothing. Use the parameters in it.");
  }

  protected override extraRepr(): string {
    return this.#parameters.map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
  }
}
