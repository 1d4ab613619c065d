import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { checkAdamOptions } from "./check-adam-options.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import type { UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { decayCoefficient, withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface RAdamOptions extends UnfusedOptions {
  /**
   * Learning rate: about how far a parameter moves in one step, once the average of squares is to be trusted.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * How much of the averages of the gradient and of its square stays at each step.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the root of the average of squares, before the bias correction.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Multiply the parameter by `1 - lr * weightDecay` instead of adding to its gradient, as AdamW does.
   * @defaultValue false
   */
  decoupledWeightDecay?: boolean;
}

export type RAdamSettings = Required<RAdamOptions>;

const scalars = ["decay", "oneMinusBeta1", "beta2", "oneMinusBeta2", "eps", "stepSize"] as const;

const radamRule = byFlags(
  (maximize: boolean, decays: boolean, decoupled: boolean, isNearEnd: boolean, isRectified: boolean) =>
    defineRule({
      name: "radam",
      state: ["exp_avg", "exp_avg_sq"],
      scalars,
      update({ param, grad, exp_avg, exp_avg_sq }, { decay, oneMinusBeta1, beta2, oneMinusBeta2, eps, stepSize }) {
        const { θ, g } = withWeightDecay(param, grad, decay, { maximize, decays, decoupled });
        const m = lerp(exp_avg, g, oneMinusBeta1, isNearEnd);
        const v = averageOfSquares(exp_avg_sq, g, beta2, oneMinusBeta2);
        const way = mul(stepSize, m);
        return {
          param: sub(θ, isRectified ? div(way, add(sqrt(v), eps)) : way),
          exp_avg: m,
          exp_avg_sq: v,
        };
      },
    }),
);

/** What a step that divides by √v is multiplied by, or undefined while v holds too few gradients for that. */
function rectificationAt(step: number, beta2: number): number | undefined {
  const correction2 = 1 - beta2 ** step;
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / correction2;
  if (!(length > 5)) return undefined;
  const variance = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
  return Math.sqrt(variance) * Math.sqrt(correction2);
}

/**
 * RAdam: Adam that does without the average of squares until enough gradients are in it, and so needs no warmup.
 *
 * `g = grad + weightDecay * θ`, `m = β1 m + (1 - β1) g`, `v = β2 v + (1 - β2) g²`, `m̂ = m / (1 - β1ᵗ)`, and with
 * `ρ∞ = 2 / (1 - β2) - 1`, `ρ = ρ∞ - 2 t β2ᵗ / (1 - β2ᵗ)`, where `ρ > 5` (from step 6 on, for β2 = 0.999):
 * `θ = θ - lr m̂ √((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ)) √(1 - β2ᵗ) / (√v + eps)`, and before that `θ = θ - lr m̂`.
 *
 * State: `step`, `exp_avg` (m), `exp_avg_sq` (v).
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new RAdam([w], { lr: 0.1 });
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float64Array [0.95]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html}
 * @see {@link https://arxiv.org/abs/1908.03265 | On the variance of the adaptive learning rate and beyond, Liu et al. 2020}
 */
export class RAdam extends Optimizer<RAdamSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<RAdamSettings>,
    {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      maximize = false,
      foreach = null,
      capturable = false,
      decoupledWeightDecay = false,
      differentiable = false,
      ...unknown
    }: RAdamOptions = {},
  ) {
    const options = {
      lr,
      betas,
      eps,
      weightDecay,
      maximize,
      foreach,
      capturable,
      decoupledWeightDecay,
      differentiable,
    };
    super(params, options, unknown);
  }

  protected checkOptions(options: RAdamSettings): void {
    checkAdamOptions("RAdam", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["exp_avg", "exp_avg_sq"] };
  }

  protected updateGroup({
    params,
    lr,
    betas,
    eps,
    weightDecay,
    maximize,
    decoupledWeightDecay,
  }: ParamGroup<RAdamSettings>): void {
    const [beta1, beta2] = betas;
    const decays = weightDecay !== 0;
    const plain = radamRule(maximize, decays, decoupledWeightDecay, 1 - beta1 >= 0.5, false);
    const rectified = radamRule(maximize, decays, decoupledWeightDecay, 1 - beta1 >= 0.5, true);
    const values = this.#scalars;
    values[0] = decayCoefficient(lr, weightDecay, decoupledWeightDecay);
    values[1] = 1 - beta1;
    values[2] = beta2;
    values[3] = 1 - beta2;
    values[4] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const step = ++state.numbers.step;
      const rectification = rectificationAt(step, beta2);
      values[5] = (lr * (rectification ?? 1)) / (1 - beta1 ** step);
      const rule = rectification === undefined ? plain : rectified;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
