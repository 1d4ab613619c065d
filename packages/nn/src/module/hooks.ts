import type { Tensor } from "@anneal/tensor";
import type { Module } from "./module.ts";

/** What a registration returns: `remove()` undoes it. */
export interface HookHandle {
  remove(): void;
}

export interface HookOptions {
  /** Run it before the hooks that are there already. @defaultValue false */
  readonly prepend?: boolean;
}

/** A `forward` of whatever inputs. */
export type AnyForward = Module["forward"];

/** What `forward` takes: a list of anything where nothing is known of the module. */
export type ForwardInputs<Call extends AnyForward> = never[] extends Parameters<Call> ? unknown[] : Parameters<Call>;

/** The hooks of a module, as methods: TypeScript compares those loosely, else no module of certain inputs would be a Module. */
export interface HookShapes<Owner, Call extends AnyForward> {
  // biome-ignore-start lint/suspicious/noConfusingVoidType: a hook may return nothing, or something else in the place of what it was given.
  forwardPre(module: Owner, inputs: ForwardInputs<Call>): ForwardInputs<Call> | void;
  forward(module: Owner, inputs: ForwardInputs<Call>, output: ReturnType<Call>): ReturnType<Call> | void;
  backwardPre(module: Owner, gradOutput: Gradients): Gradients | void;
  backward(module: Owner, gradInput: Gradients, gradOutput: Gradients): Gradients | void;
  // biome-ignore-end lint/suspicious/noConfusingVoidType: as above.
}

/** Gradients of the tensors of a call in their order, null for those that have none. */
export type Gradients = readonly (Tensor | null)[];

/** Runs before `forward`. May return other inputs for it. */
export type ForwardPreHook<Owner, Call extends AnyForward = AnyForward> = HookShapes<Owner, Call>["forwardPre"];

/** Runs after `forward`. May return another result. */
export type ForwardHook<Owner, Call extends AnyForward = AnyForward> = HookShapes<Owner, Call>["forward"];

/** Runs before the gradient passes the module. May return other gradients of its results. */
export type FullBackwardPreHook<Owner> = HookShapes<Owner, AnyForward>["backwardPre"];

/** Runs when the gradients of the module's inputs are known. May return others in their place. */
export type FullBackwardHook<Owner> = HookShapes<Owner, AnyForward>["backward"];

/** Hooks of one kind, called in the order of registration. */
export class HookList<Hook> {
  #hooks: readonly { readonly hook: Hook }[] = [];

  get isEmpty(): boolean {
    return this.#hooks.length === 0;
  }

  add(hook: Hook, { prepend = false }: HookOptions = {}): HookHandle {
    const entry = { hook };
    this.#hooks = prepend ? [entry, ...this.#hooks] : [...this.#hooks, entry];
    return {
      remove: () => {
        this.#hooks = this.#hooks.filter((each) => each !== entry);
      },
    };
  }

  /** Those of now: a hook may remove itself while it runs. */
  [Symbol.iterator](): Iterator<Hook> {
    return this.#hooks.map(({ hook }) => hook).values();
  }
}
