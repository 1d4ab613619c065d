import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireBetas, requireNonNegative } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, neg, sqrt, sub } = expr;

export interface AdanOptions {
  /**
   * Learning rate: about how far a parameter moves in one step. 5 to 10 times Adam's are meant to work.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * How much of the averages of the gradient, of its change, and of the square of where it leads stays at each step.
   * @defaultValue [0.98, 0.92, 0.99]
   */
  betas?: readonly [beta1: number, beta2: number, beta3: number];
  /**
   * Added to the denominator, after the bias correction and outside the root.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * How much of `lr` the parameter shrinks by at each step.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Shrink before the step by `1 - lr * weightDecay`, as AdamW does, instead of after it by `1 / (1 + lr * weightDecay)`.
   * @defaultValue false
   */
  noProx?: boolean;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type AdanSettings = Required<AdanOptions>;

const scalars = [
  "decay",
  "oneMinusBeta1",
  "beta2",
  "oneMinusBeta2",
  "beta3",
  "oneMinusBeta3",
  "rootOfCorrection3",
  "eps",
  "stepSize",
  "changeStepSize",
] as const;

const adanRule = byFlags((maximize: boolean, decays: boolean, noProx: boolean, isFirst: boolean, isNearEnd: boolean) =>
  defineRule({
    name: "adan",
    state: ["exp_avg", "exp_avg_sq", "exp_avg_diff", "neg_pre_grad"],
    scalars,
    update({ param, grad, exp_avg, exp_avg_sq, exp_avg_diff, neg_pre_grad }, scalar) {
      const { θ, g } = withWeightDecay(param, grad, scalar.decay, {
        maximize,
        decays: decays && noProx,
        decoupled: true,
      });
      const change = add(isFirst ? neg(g) : neg_pre_grad, g);
      const m = lerp(exp_avg, g, scalar.oneMinusBeta1, isNearEnd);
      const v = add(mul(exp_avg_diff, scalar.beta2), mul(scalar.oneMinusBeta2, change));
      const n = averageOfSquares(exp_avg_sq, add(mul(change, scalar.beta2), g), scalar.beta3, scalar.oneMinusBeta3);
      const denominator = add(div(sqrt(n), scalar.rootOfCorrection3), scalar.eps);
      const afterGradient = sub(θ, div(mul(scalar.stepSize, m), denominator));
      const moved = sub(afterGradient, div(mul(scalar.changeStepSize, v), denominator));
      return {
        param: decays && !noProx ? div(moved, scalar.decay) : moved,
        exp_avg: m,
        exp_avg_sq: n,
        exp_avg_diff: v,
        neg_pre_grad: neg(g),
      };
    },
  }),
);

/**
 * Adan: Adam that reckons with the change of the gradient, which is Nesterov's look ahead without a second gradient. Not in PyTorch.
 *
 * With `d = g - (the gradient before)`, 0 at first: `m = β1 m + (1 - β1) g`, `v = β2 v + (1 - β2) d`, `n = β3 n + (1 - β3)(g + β2 d)²`,
 * `θ = (θ - lr (m / (1 - β1ᵗ) + β2 v / (1 - β2ᵗ)) / (√n / √(1 - β3ᵗ) + eps)) / (1 + lr * weightDecay)`.
 *
 * State, by the names of the authors' code: `exp_avg` (m), `exp_avg_sq` (n), `exp_avg_diff` (v), `neg_pre_grad` (-g), and `step`, which counts for each
 * parameter as PyTorch's optimizers do, not for a group as the authors' does.
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Adan([w], { lr: 0.1 });
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data[0]?.toFixed(6); // => "0.900000"
 * @see {@link https://arxiv.org/abs/2208.06677 | Adan: adaptive Nesterov momentum algorithm, Xie et al. 2022}
 */
export class Adan extends Optimizer<AdanSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<AdanSettings>,
    {
      lr = 1e-3,
      betas = [0.98, 0.92, 0.99],
      eps = 1e-8,
      weightDecay = 0,
      noProx = false,
      maximize = false,
      ...unknown
    }: AdanOptions = {},
  ) {
    super(params, { lr, betas, eps, weightDecay, noProx, maximize }, unknown);
  }

  protected checkOptions(options: AdanSettings): void {
    requireNonNegative("Adan", "lr", options.lr);
    requireNonNegative("Adan", "eps", options.eps);
    requireBetas("Adan", options.betas, 3);
    requireNonNegative("Adan", "weightDecay", options.weightDecay);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["exp_avg", "exp_avg_sq", "exp_avg_diff", "neg_pre_grad"] };
  }

  protected updateGroup({ params, lr, betas, eps, weightDecay, noProx, maximize }: ParamGroup<AdanSettings>): void {
    const [beta1, beta2, beta3] = betas;
    const decays = weightDecay !== 0;
    const first = adanRule(maximize, decays, noProx, true, 1 - beta1 >= 0.5);
    const later = adanRule(maximize, decays, noProx, false, 1 - beta1 >= 0.5);
    const values = this.#scalars;
    values[0] = noProx ? 1 - lr * weightDecay : 1 + lr * weightDecay;
    values[1] = 1 - beta1;
    values[2] = beta2;
    values[3] = 1 - beta2;
    values[4] = beta3;
    values[5] = 1 - beta3;
    values[7] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const step = ++state.numbers.step;
      const rule = state.slots.has("neg_pre_grad") ? later : first;
      values[6] = Math.sqrt(1 - beta3 ** step);
      values[8] = lr / (1 - beta1 ** step);
      values[9] = (lr * beta2) / (1 - beta2 ** step);
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
