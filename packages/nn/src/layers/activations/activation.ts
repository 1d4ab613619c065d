import { OptionError } from "@anneal/tensor";
import { checkNumber, shown, shownOptions } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/** What activations with options share: they are checked and kept, and shown where they are not at their default. */
export abstract class Activation<Options extends object> extends Module {
  readonly #defaults: Required<Options>;
  readonly #options: Required<Options>;

  constructor(defaults: Required<Options>, given: Options) {
    super();
    const { name: where } = this.constructor;
    if (typeof given !== "object") {
      const [first] = Object.keys(defaults);
      throw new OptionError(where, `its options are ${given}`, `Give them by name: { ${first}: ${shown(given)} }.`);
    }
    const options = { ...defaults };
    for (const name in defaults) {
      const value = given[name];
      if (value !== undefined) options[name] = value;
      if (typeof defaults[name] === "number") checkNumber(where, name, options[name]);
    }
    this.#defaults = defaults;
    this.#options = options;
  }

  /** All of them. */
  protected get options(): Required<Options> {
    return this.#options;
  }

  protected override extraRepr(): string {
    return shownOptions(this.#options, this.#defaults);
  }
}
