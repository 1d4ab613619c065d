import type { HookedModel, HookedModule } from "../models/hooked-module.ts";

/** One call of a module's `forward`, and the scope of the nodes it makes. */
export interface Call {
  readonly module: HookedModule;
  /** The module's dotted name. */
  readonly name: string;
  readonly scope: string;
}

/** The module tree as scopes: `ResNet/Sequential[layer1]/Conv2d[0]`, as PyTorch names them. */
export class ModuleScopes {
  readonly #modules: ReadonlyMap<string, HookedModule>;
  readonly #names: ReadonlyMap<HookedModule, string>;
  readonly #root: string;
  readonly #called = new Map<string, number>();

  constructor(model: HookedModel) {
    this.#modules = new Map(model.namedModules());
    this.#names = new Map([...this.#modules].map(([name, module]) => [module, name]));
    this.#root = kindOf(model);
  }

  /** The scope that belongs to a module's name, whether it was called or not. */
  ofName(name: string): string {
    return this.#below(this.#root, "", name);
  }

  /** The scope of a call inside of others: a module that is called again gets one of its own. */
  enter(module: HookedModule, inside: readonly Call[]): Call {
    const name = this.#names.get(module) ?? "";
    // What calls a module need not be what holds it.
    const holder = inside.findLast((each) => each.name === "" || name.startsWith(`${each.name}.`));
    const scope = this.#below(holder?.scope ?? this.#root, holder?.name ?? "", name);
    const before = this.#called.get(scope) ?? 0;
    this.#called.set(scope, before + 1);
    return { module, name, scope: before === 0 ? scope : `${scope}_${before}` };
  }

  #below(scope: string, holder: string, name: string): string {
    const rest = (holder === "" ? name : name.slice(holder.length + 1)).split(".").filter((part) => part !== "");
    const path = holder === "" ? [] : [holder];
    let result = scope;
    for (const part of rest) {
      path.push(part);
      const module = this.#modules.get(path.join("."));
      result += module ? `/${kindOf(module)}[${part}]` : `/${part}`;
    }
    return result;
  }
}

const kindOf = (module: object): string => module.constructor.name || "Model";
