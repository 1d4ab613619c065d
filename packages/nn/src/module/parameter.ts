import { keep, type Rule, Tensor } from "@anneal/tensor";
import { type ModeMark, warnAboutEvalMode } from "./eval-warning.ts";

/**
 * A tensor that a model learns: it wants a gradient, lives as long as its module, and is found by `module.parameters()`.
 *
 * @param data - the numbers it starts from; it takes over their memory
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html | torch.nn.Parameter}
 * @example
 * class Scale extends Module {
 *   factor = new Parameter(ones([1]));
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 */
export class Parameter extends Tensor {
  /** The module it belongs to was left in eval mode there. */
  mode: ModeMark | null = null;

  constructor(data: Tensor, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    super({ cell: data.cell, layout: data.layout, edge: null });
    keep(this);
    this.requiresGrad = requiresGrad;
    // A recipe would be followed anew by everything that reads it.
    this.realize();
  }

  override update(rule: Rule, state: readonly Tensor[], scalars: readonly number[]): void {
    this.#beforeStep(rule);
    super.update(rule, state, scalars);
  }

  override updateRows(rule: Rule, state: readonly Tensor[], scalars: readonly number[]): void {
    this.#beforeStep(rule);
    super.updateRows(rule, state, scalars);
  }

  #beforeStep({ updates }: Rule): void {
    // A rule that leaves slot 0 alone, such as zeroGrad's, is no step.
    if (this.mode && updates.some(({ slot }) => slot === 0)) warnAboutEvalMode(this.mode);
  }
}
