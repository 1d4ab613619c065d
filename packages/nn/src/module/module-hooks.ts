import { watchBackward } from "./backward-hooks.ts";
import {
  type ForwardHook,
  type ForwardPreHook,
  type FullBackwardHook,
  type FullBackwardPreHook,
  type HookHandle,
  HookList,
  type HookOptions,
} from "./hooks.ts";
import type { Module } from "./module.ts";

type Forward = (...inputs: unknown[]) => unknown;

/** The hooks of one module. While there are any, they wrap `forward` on that instance; others pay nothing. */
export class ModuleHooks {
  readonly forwardPre = new HookList<ForwardPreHook<Module>>();
  readonly forward = new HookList<ForwardHook<Module>>();
  readonly backwardPre = new HookList<FullBackwardPreHook<Module>>();
  readonly backward = new HookList<FullBackwardHook<Module>>();
  readonly #module: Module;
  #unwrap: (() => void) | null = null;

  constructor(module: Module) {
    this.#module = module;
  }

  /** Add a hook to one of the lists. */
  add<Hook>(list: HookList<Hook>, hook: Hook, options: HookOptions | undefined): HookHandle {
    this.#unwrap ??= this.#wrap();
    const handle = list.add(hook, options);
    return {
      remove: () => {
        handle.remove();
        const lists = [this.forwardPre, this.forward, this.backwardPre, this.backward];
        if (lists.some((each) => !each.isEmpty)) return;
        this.#unwrap?.();
        this.#unwrap = null;
      },
    };
  }

  /** Returns what undoes it. */
  #wrap(): () => void {
    const module = this.#module;
    // A module may hold its forward in a field.
    const own = Object.getOwnPropertyDescriptor(module, "forward");
    const plain = module.forward.bind(module) as Forward;
    // Not enumerable: it is no field of the module.
    Object.defineProperty(module, "forward", {
      value: (...inputs: unknown[]) => this.#run(plain, inputs),
      configurable: true,
      writable: true,
      enumerable: false,
    });
    return () => {
      if (own) Object.defineProperty(module, "forward", own);
      else Reflect.deleteProperty(module, "forward");
    };
  }

  #run(plain: Forward, given: unknown[]): unknown {
    let inputs = given;
    for (const hook of this.forwardPre) inputs = hook(this.#module, inputs) ?? inputs;
    const backward = watchBackward(this.#module, [...this.backwardPre], [...this.backward]);
    if (backward) inputs = backward.inputs(inputs);
    let output: unknown = plain(...inputs);
    for (const hook of this.forward) output = hook(this.#module, inputs, output) ?? output;
    return backward ? backward.output(output) : output;
  }
}
