import { checkDim } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/** What activations along one dimension share. */
export abstract class AlongDim extends Module {
  readonly #dim: number;

  constructor(dim: number) {
    super();
    checkDim(this.constructor.name, "dim", dim);
    this.#dim = dim;
  }

  protected get dim(): number {
    return this.#dim;
  }

  protected override extraRepr(): string {
    return String(this.#dim);
  }
}
