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

export interface AdamOptions extends AdamFamilyOptions {
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Multiply the parameter by `1 - lr * weightDecay` instead, as AdamW does.
   * @defaultValue false
   */
  decoupledWeightDecay?: boolean;
}

/**
 * Adam: steps of about `lr`, whatever the gradient's scale.
 *
 * `g = grad + weightDecay * θ`, `m = β1 m + (1 - β1) g`, `v = β2 v + (1 - β2) g²`,
 * `θ = θ - lr * (m / (1 - β1ᵗ)) / (√v / √(1 - β2ᵗ) + eps)`.
 *
 * State: `step`, `exp_avg` (m), `exp_avg_sq` (v), and with `amsgrad` `max_exp_avg_sq`, the largest uncorrected v.
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Adam([w], { lr: 0.1 });
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float64Array [0.900000002]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html}
 * @see {@link https://arxiv.org/abs/1412.6980 | Adam, Kingma & Ba 2015}
 * @see {@link https://openreview.net/forum?id=ryQu7f-RZ | On the convergence of Adam and beyond (AMSGrad), Reddi et al. 2018}
 */
export class Adam extends Optimizer<AdamSettings, AdamNumbers> {
  readonly #scalars = adamScalars.map(() => 0);
  readonly #stateOf = (parameter: Parameter) => this.stateOf(parameter);

  constructor(
    params: ParamsInput<AdamSettings>,
    {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      amsgrad = false,
      maximize = false,
      foreach = null,
      capturable = false,
      differentiable = false,
      fused = null,
      decoupledWeightDecay = false,
      ...unknown
    }: AdamOptions = {},
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
      decoupledWeightDecay,
    };
    super(params, options, unknown);
  }

  protected checkOptions(options: AdamSettings): void {
    checkAdamOptions("Adam", options);
  }

  protected stateLayout(): StateLayout<AdamNumbers> {
    return adamLayout();
  }

  protected updateGroup(group: ParamGroup<AdamSettings>): void {
    updateAdamGroup(group, this.#stateOf, this.#scalars);
  }
}
