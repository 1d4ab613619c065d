import { checkProbability } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/** What layers that drop at random share. */
export abstract class DropoutLayer extends Module {
  readonly #p: number;

  constructor(p = 0.5) {
    super();
    checkProbability(this.constructor.name, "p", p);
    this.#p = p;
  }

  /** For its function. */
  protected get options(): { readonly p: number; readonly training: boolean } {
    return { p: this.#p, training: this.training };
  }

  protected override extraRepr(): string {
    return String(this.#p);
  }
}
