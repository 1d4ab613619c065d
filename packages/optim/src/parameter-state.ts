import type { Rule } from "@anneal/kernel";
import type { Parameter } from "./parameter.ts";

/** What an optimizer remembers about one parameter: plain numbers such as `step`, slots, most of them shaped like the parameter, and lists of slots. */
export class ParameterState<Numbers extends Record<string, number>> {
  readonly numbers: Numbers;
  readonly slots = new Map<string, unknown>();
  /** Null stands for a slot that is not there yet. */
  readonly lists = new Map<string, unknown[]>();
  #names: readonly string[] | undefined;
  #aligned: unknown[] = [];

  constructor(numbers: Numbers) {
    this.numbers = numbers;
  }

  /** A slot, made where there was none. */
  slot(name: string, make: () => unknown): unknown {
    const slot = this.slots.get(name) ?? make();
    this.slots.set(name, slot);
    return slot;
  }

  /** A list of slots, empty where there was none. */
  list(name: string): unknown[] {
    const list = this.lists.get(name) ?? [];
    this.lists.set(name, list);
    return list;
  }

  /** The slots in the order of `rule.state`, zeros where there were none: the same array every time, until another rule asks. */
  alignedTo(rule: Rule, parameter: Parameter): readonly unknown[] {
    if (this.#names !== rule.state) {
      this.#aligned = rule.state.map((name) => this.slot(name, () => parameter.zeros()));
      this.#names = rule.state;
    }
    return this.#aligned;
  }
}
