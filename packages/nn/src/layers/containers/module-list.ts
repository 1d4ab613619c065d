import { OptionError } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import { checkModule } from "./check-member.ts";

/**
 * Modules in a list, which their owner calls as it likes; their names in the state dict are their numbers.
 *
 * A plain array in a field is not looked into: modules in it would be neither trained nor saved.
 *
 * @throws {OptionError} if something in it is no module
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html | torch.nn.ModuleList}
 * @example
 * class Deep extends Module {
 *   layers = new ModuleList(Array.from({ length: 3 }, () => new Linear(4, 4)));
 *   forward(x: Tensor): Tensor {
 *     let y = x;
 *     for (const layer of this.layers) y = layer.forward(y).relu();
 *     return y;
 *   }
 * }
 * [...new Deep().parameters()].length; // => 6
 */
export class ModuleList<Item extends Module = Module> extends Module implements Iterable<Item> {
  readonly #modules: Item[] = [];

  constructor(modules: Iterable<Item> = []) {
    super();
    this.extend(modules);
  }

  protected override members(): [string, unknown][] {
    return [...Object.entries(this), ...this.#modules.map((module, i): [string, Item] => [String(i), module])];
  }

  /** Add a module at the end. */
  append(module: Item): this {
    this.#modules.push(checkModule("ModuleList", module));
    return this;
  }

  /** Add modules at the end. */
  extend(modules: Iterable<Item>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** Put a module before the one at `position`. */
  insert(position: number, module: Item): this {
    this.#modules.splice(position, 0, checkModule("ModuleList", module));
    return this;
  }

  /** Put a module in the place of the one at `position`. */
  set(position: number, module: Item): this {
    if (this.#modules[position] === undefined) {
      throw new OptionError(
        "ModuleList.set",
        `there is no module at ${position} of ${this.length}`,
        "append() makes the list longer.",
      );
    }
    this.#modules[position] = checkModule("ModuleList", module);
    return this;
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.length;
  }

  /** The module at a position, from the end where it is negative. */
  at(position: number): Item | undefined {
    return this.#modules.at(position);
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#modules[Symbol.iterator]();
  }

  /** A list computes nothing: its owner calls the modules in it. */
  forward(): never {
    throw new TypeError("ModuleList.forward: a list computes nothing. Call the modules in it, or use Sequential.");
  }
}
