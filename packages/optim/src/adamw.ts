import {
  type AdamFamilyOptions,
  type AdamNumbers,
  type AdamSettings,
  adamLayout,
  adamScalars,
  updateAdamGroup,
} from "./adam-update.ts";
import { checkAdamOptions } from "./check-adam-options.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import type { Parameter } from "./parameter.ts";

export interface AdamWOptions extends AdamFamilyOptions {
  /**
   * How much of `lr` the parameter shrinks by at each step, whatever its gradient.
   * @defaultValue 1e-2
   */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay: the parameter decays, not its gradient, so that the decay is not divided by the gradient's scale.
 *
 * `θ = θ (1 - lr * weightDecay)`, then Adam without decay: `m = β1 m + (1 - β1) grad`, `v = β2 v + (1 - β2) grad²`,
 * `θ = θ - lr * (m / (1 - β1ᵗ)) / (√v / √(1 - β2ᵗ) + eps)`.
 *
 * State: `step`, `exp_avg` (m), `exp_avg_sq` (v), and with `amsgrad` `max_exp_avg_sq`, the largest uncorrected v.
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new AdamW([w], { lr: 0.1 });
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float64Array [0.899000002]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html}
 * @see {@link https://arxiv.org/abs/1711.05101 | Decoupled weight decay regularization, Loshchilov & Hutter 2019}
 */
export class AdamW extends Optimizer<AdamSettings, AdamNumbers> {
  readonly #scalars = adamScalars.map(() => 0);
  readonly #stateOf = (parameter: Parameter) => this.stateOf(parameter);

  constructor(
    params: ParamsInput<AdamSettings>,
    {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 1e-2,
      amsgrad = false,
      maximize = false,
      foreach = null,
      capturable = false,
      differentiable = false,
      fused = null,
      ...unknown
    }: AdamWOptions = {},
  ) {
    const options = {
      lr,
      betas,
      eps,
      weightDecay,
      amsgrad,
      maximize,
      foreach,
      capturable,
      differentiable,
      fused,
      decoupledWeightDecay: true,
    };
    super(params, options, unknown);
  }

  protected checkOptions(options: AdamSettings): void {
    checkAdamOptions("AdamW", options);
  }

  protected stateLayout(): StateLayout<AdamNumbers> {
    return adamLayout();
  }

  protected override forcedOptions(): Partial<AdamSettings> {
    return { decoupledWeightDecay: true };
  }

  protected updateGroup(group: ParamGroup<AdamSettings>): void {
    updateAdamGroup(group, this.#stateOf, this.#scalars);
  }
}
