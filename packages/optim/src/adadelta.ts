import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireFraction, requireNonNegative, requireOneImplementation, type UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface AdadeltaOptions extends UnfusedOptions {
  /**
   * What the steps are multiplied by; their size comes from the steps before.
   * @defaultValue 1
   */
  lr?: number;
  /**
   * How much of the averages of squares stays at each step.
   * @defaultValue 0.9
   */
  rho?: number;
  /**
   * Added to both averages, inside the roots: the first steps are about √eps.
   * @defaultValue 1e-6
   */
  eps?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
}

export type AdadeltaSettings = Required<AdadeltaOptions>;

const scalars = ["weightDecay", "rho", "oneMinusRho", "eps", "lr"] as const;

const adadeltaRule = byFlags((maximize: boolean, decays: boolean) =>
  defineRule({
    name: "adadelta",
    state: ["square_avg", "acc_delta"],
    scalars,
    update({ param, grad, square_avg, acc_delta }, { weightDecay, rho, oneMinusRho, eps, lr }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      const squares = averageOfSquares(square_avg, g, rho, oneMinusRho);
      const delta = mul(div(sqrt(add(acc_delta, eps)), sqrt(add(squares, eps))), g);
      return {
        param: sub(param, mul(lr, delta)),
        square_avg: squares,
        acc_delta: averageOfSquares(acc_delta, delta, rho, oneMinusRho),
      };
    },
  }),
);

/**
 * Adadelta: steps in the parameter's own unit, as large as the steps before, so that no rate need be found.
 *
 * `g = grad + weightDecay * θ`, `S = ρ S + (1 - ρ) g²`, `Δ = √(A + eps) / √(S + eps) * g`, `A = ρ A + (1 - ρ) Δ²`, `θ = θ - lr Δ`.
 *
 * State: `step`, `square_avg` (S), `acc_delta` (A).
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or `rho` is outside [0, 1]
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Adadelta([w]);
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data[0]?.toFixed(6); // => "0.996838"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html}
 * @see {@link https://arxiv.org/abs/1212.5701 | ADADELTA: an adaptive learning rate method, Zeiler 2012}
 */
export class Adadelta extends Optimizer<AdadeltaSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<AdadeltaSettings>,
    {
      lr = 1,
      rho = 0.9,
      eps = 1e-6,
      weightDecay = 0,
      foreach = null,
      capturable = false,
      maximize = false,
      differentiable = false,
      ...unknown
    }: AdadeltaOptions = {},
  ) {
    super(params, { lr, rho, eps, weightDecay, maximize, capturable, foreach, differentiable }, unknown);
  }

  protected checkOptions(options: AdadeltaSettings): void {
    requireNonNegative("Adadelta", "lr", options.lr);
    requireFraction("Adadelta", "rho", options.rho);
    requireNonNegative("Adadelta", "eps", options.eps);
    requireNonNegative("Adadelta", "weightDecay", options.weightDecay);
    requireOneImplementation("Adadelta", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["square_avg", "acc_delta"] };
  }

  protected updateGroup({ params, lr, rho, eps, weightDecay, maximize }: ParamGroup<AdadeltaSettings>): void {
    const rule = adadeltaRule(maximize, weightDecay !== 0);
    const values = this.#scalars;
    values[0] = weightDecay;
    values[1] = rho;
    values[2] = 1 - rho;
    values[3] = eps;
    values[4] = lr;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      state.numbers.step++;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
