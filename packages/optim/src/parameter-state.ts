import type { Rule } from "@anneal/kernel";
import type { Parameter } from "./parameter.ts";

/** What an optimizer remembers about one parameter: plain numbers such as `step`, and slots shaped like the parameter. */
export class ParameterState<Numbers extends Record<string, number>> {
  readonly numbers: Numbers;
  readonly slots = new Map<string, unknown>();
  #names: readonly string[] | undefined;
  #aligned: unknown[] = [];

  constructor(numbers: Numbers) {
    this.numbers = numbers;
  }

  /** The slots in the order of `rule.state`, zeros where there were none: the same array every time, until another rule asks. */
  alignedTo(rule: Rule, parameter: Parameter): readonly unknown[] {
    if (this.#names !== rule.state) {
      this.#aligned = rule.state.map((name) => {
        const slot = this.slots.get(name) ?? parameter.zeros();
        this.slots.set(name, slot);
        return slot;
      });
      this.#names = rule.state;
    }
    return this.#aligned;
  }
}
