import { expr } from "@anneal/kernel";
import { checkAdamOptions } from "./check-adam-options.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import type { UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { abs, add, div, max, mul, sub } = expr;

export interface AdamaxOptions extends UnfusedOptions {
  /**
   * Learning rate: about how far a parameter moves in one step.
   * @defaultValue 2e-3
   */
  lr?: number;
  /**
   * How much of the average of the gradient and of its largest size stays at each step.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the size of each gradient, so that the denominator is never 0.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
}

export type AdamaxSettings = Required<AdamaxOptions>;

const scalars = ["weightDecay", "oneMinusBeta1", "beta2", "eps", "stepSize"] as const;

const adamaxRule = byFlags((maximize: boolean, decays: boolean, isNearEnd: boolean) =>
  defineRule({
    name: "adamax",
    state: ["exp_avg", "exp_inf"],
    scalars,
    update({ param, grad, exp_avg, exp_inf }, { weightDecay, oneMinusBeta1, beta2, eps, stepSize }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      const m = lerp(exp_avg, g, oneMinusBeta1, isNearEnd);
      const u = max(mul(exp_inf, beta2), add(abs(g), eps));
      return { param: sub(param, div(mul(stepSize, m), u)), exp_avg: m, exp_inf: u };
    },
  }),
);

/**
 * Adamax: Adam with the largest recent gradient in place of the average of squares.
 *
 * `g = grad + weightDecay * θ`, `m = β1 m + (1 - β1) g`, `u = max(β2 u, |g| + eps)`, `θ = θ - lr / (1 - β1ᵗ) * m / u`.
 *
 * State: `step`, `exp_avg` (m), `exp_inf` (u).
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Adamax([w], { lr: 0.1 });
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float64Array [0.900000002]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html}
 * @see {@link https://arxiv.org/abs/1412.6980 | Adam, Kingma & Ba 2015, section 7.1}
 */
export class Adamax extends Optimizer<AdamaxSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<AdamaxSettings>,
    {
      lr = 2e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      foreach = null,
      maximize = false,
      differentiable = false,
      capturable = false,
      ...unknown
    }: AdamaxOptions = {},
  ) {
    super(params, { lr, betas, eps, weightDecay, foreach, maximize, differentiable, capturable }, unknown);
  }

  protected checkOptions(options: AdamaxSettings): void {
    checkAdamOptions("Adamax", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["exp_avg", "exp_inf"] };
  }

  protected updateGroup({ params, lr, betas, eps, weightDecay, maximize }: ParamGroup<AdamaxSettings>): void {
    const [beta1, beta2] = betas;
    const rule = adamaxRule(maximize, weightDecay !== 0, 1 - beta1 >= 0.5);
    const values = this.#scalars;
    values[0] = weightDecay;
    values[1] = 1 - beta1;
    values[2] = beta2;
    values[3] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      values[4] = lr / (1 - beta1 ** ++state.numbers.step);
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
