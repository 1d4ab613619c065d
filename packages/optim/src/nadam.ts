import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { checkAdamOptions } from "./check-adam-options.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireNonNegative, type UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient, roundedFor } from "./parameter.ts";
import { decayCoefficient, withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface NAdamOptions extends UnfusedOptions {
  /**
   * Learning rate: about how far a parameter moves in one step.
   * @defaultValue 2e-3
   */
  lr?: number;
  /**
   * How much of the averages of the gradient and of its square stays at each step.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the denominator, after the bias correction and outside the root.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * How fast the momentum rises from half of β1 to β1.
   * @defaultValue 4e-3
   */
  momentumDecay?: number;
  /**
   * Multiply the parameter by `1 - lr * weightDecay` instead of adding to its gradient, as AdamW does.
   * @defaultValue false
   */
  decoupledWeightDecay?: boolean;
}

export type NAdamSettings = Required<NAdamOptions>;

export type NAdamNumbers = { step: number; mu_product: number };

const scalars = [
  "decay",
  "oneMinusBeta1",
  "beta2",
  "oneMinusBeta2",
  "correction2",
  "eps",
  "gradientStep",
  "momentumStep",
] as const;

const nadamRule = byFlags((maximize: boolean, decays: boolean, decoupled: boolean, isNearEnd: boolean) =>
  defineRule({
    name: "nadam",
    state: ["exp_avg", "exp_avg_sq"],
    scalars,
    update({ param, grad, exp_avg, exp_avg_sq }, scalar) {
      const { θ, g } = withWeightDecay(param, grad, scalar.decay, { maximize, decays, decoupled });
      const m = lerp(exp_avg, g, scalar.oneMinusBeta1, isNearEnd);
      const v = averageOfSquares(exp_avg_sq, g, scalar.beta2, scalar.oneMinusBeta2);
      const denominator = add(sqrt(div(v, scalar.correction2)), scalar.eps);
      const afterGradient = sub(θ, div(mul(scalar.gradientStep, g), denominator));
      return {
        param: sub(afterGradient, div(mul(scalar.momentumStep, m), denominator)),
        exp_avg: m,
        exp_avg_sq: v,
      };
    },
  }),
);

/**
 * NAdam: Adam that looks ahead along its momentum, as Nesterov's does.
 *
 * `μₜ = β1 (1 - 0.96 ^ (t * momentumDecay) / 2)`, `P = P μₜ`, `g = grad + weightDecay * θ`, `m = β1 m + (1 - β1) g`,
 * `v = β2 v + (1 - β2) g²`, `d = √(v / (1 - β2ᵗ)) + eps`,
 * `θ = θ - lr (1 - μₜ) / (1 - P) * g / d - lr μₜ₊₁ / (1 - P μₜ₊₁) * m / d`.
 *
 * State: `step`, `mu_product` (P: it and its factor rounded to the parameter's precision, as PyTorch's), `exp_avg` (m), `exp_avg_sq` (v).
 *
 * @throws {OptionError} if `lr`, `eps`, `weightDecay` or `momentumDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new NAdam([w]);
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data[0]?.toFixed(6); // => "0.997887"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html}
 * @see {@link https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ | Incorporating Nesterov momentum into Adam, Dozat 2016}
 */
export class NAdam extends Optimizer<NAdamSettings, NAdamNumbers> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<NAdamSettings>,
    {
      lr = 2e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      momentumDecay = 4e-3,
      decoupledWeightDecay = false,
      maximize = false,
      foreach = null,
      capturable = false,
      differentiable = false,
      ...unknown
    }: NAdamOptions = {},
  ) {
    const options = {
      lr,
      betas,
      eps,
      weightDecay,
      momentumDecay,
      decoupledWeightDecay,
      maximize,
      foreach,
      capturable,
      differentiable,
    };
    super(params, options, unknown);
  }

  protected checkOptions(options: NAdamSettings): void {
    checkAdamOptions("NAdam", options);
    requireNonNegative("NAdam", "momentumDecay", options.momentumDecay);
  }

  protected stateLayout(): StateLayout<NAdamNumbers> {
    return { numbers: { step: 0, mu_product: 1 }, slots: ["exp_avg", "exp_avg_sq"] };
  }

  protected updateGroup({
    params,
    lr,
    betas,
    eps,
    weightDecay,
    momentumDecay,
    decoupledWeightDecay,
    maximize,
  }: ParamGroup<NAdamSettings>): void {
    const [beta1, beta2] = betas;
    const rule = nadamRule(maximize, weightDecay !== 0, decoupledWeightDecay, 1 - beta1 >= 0.5);
    const momentumAt = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const values = this.#scalars;
    values[0] = decayCoefficient(lr, weightDecay, decoupledWeightDecay);
    values[1] = 1 - beta1;
    values[2] = beta2;
    values[3] = 1 - beta2;
    values[5] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const { numbers } = state;
      const step = ++numbers.step;
      const [momentum, next] = [momentumAt(step), momentumAt(step + 1)];
      numbers.mu_product = roundedFor(parameter, numbers.mu_product * roundedFor(parameter, momentum));
      values[4] = 1 - beta2 ** step;
      values[6] = (lr * (1 - momentum)) / (1 - numbers.mu_product);
      values[7] = (lr * next) / (1 - numbers.mu_product * next);
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
