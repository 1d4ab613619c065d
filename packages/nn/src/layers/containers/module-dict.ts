import type { Module } from "../../module/module.ts";
import { checkModule } from "./check-member.ts";
import { type Entries, entriesOf, Keyed } from "./keyed.ts";

/**
 * Modules by name, in the order in which they were put there; the names are those in the state dict.
 *
 * @param modules - a map, a list of pairs, or a plain object (which puts keys that are whole numbers first)
 * @throws {OptionError} if a name is empty or has a dot, or something is no module
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html | torch.nn.ModuleDict}
 * @example
 * class Heads extends Module {
 *   heads = new ModuleDict({ kind: new Linear(8, 3), size: new Linear(8, 1) });
 *   forward(x: Tensor): Record<string, Tensor> {
 *     return Object.fromEntries([...this.heads].map(([name, head]) => [name, head.forward(x)]));
 *   }
 * }
 * [...new Heads().stateDict().keys()]; // => ["heads.kind.weight", "heads.kind.bias", "heads.size.weight", "heads.size.bias"]
 */
export class ModuleDict<Item extends Module = Module> extends Keyed<Item> {
  constructor(modules: Entries<Item> = {}) {
    super();
    for (const [key, module] of entriesOf(modules)) this.set(key, module);
  }

  /** Put a module under a name; one that is there already keeps its place in the order. */
  set(key: string, module: Item): this {
    return this.put(key, checkModule("ModuleDict", module));
  }
}
