import { Tensor } from "@anneal/tensor";
import { Module } from "../src/index.ts";

/** A module of whatever inputs and results. */
export interface AnyModule extends Module {
  forward(...inputs: unknown[]): unknown;
}

/** The tensors of a result, in order, out of however many nested lists and objects; what is null is left out. */
export function tensorsOf(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result !== "object" || result === null) return [];
  return Object.values(result).flatMap(tensorsOf);
}

const isOptions = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A function in a module's clothes: arguments that come after the inputs. Inputs by name join the options at the end. */
export class Apply extends Module {
  readonly #apply: (...inputs: unknown[]) => unknown;
  readonly #args: readonly unknown[];

  constructor(apply: (...inputs: unknown[]) => unknown, args: readonly unknown[]) {
    super();
    this.#apply = apply;
    this.#args = args;
  }

  forward(...inputs: unknown[]): unknown {
    const named = isOptions(inputs.at(-1)) ? inputs.pop() : {};
    const args = [...this.#args];
    const options = isOptions(args.at(-1)) ? args.pop() : {};
    const all = { ...(options as object), ...(named as object) };
    return this.#apply(...inputs, ...args, ...(Object.keys(all).length > 0 ? [all] : []));
  }
}
