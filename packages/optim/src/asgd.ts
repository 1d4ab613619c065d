import { expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireNonNegative, requireOneImplementation, type UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient, roundedFor } from "./parameter.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, mul, sub } = expr;

export interface ASGDOptions extends UnfusedOptions {
  /**
   * The rate of the first step.
   * @defaultValue 1e-2
   */
  lr?: number;
  /**
   * How fast the rate falls, and how much of it the parameter shrinks by at each step.
   * @defaultValue 1e-4
   */
  lambd?: number;
  /**
   * Power of the fall of the rate.
   * @defaultValue 0.75
   */
  alpha?: number;
  /**
   * The step after which the average begins.
   * @defaultValue 1e6
   */
  t0?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
}

export type ASGDSettings = Required<ASGDOptions>;

export type ASGDNumbers = { step: number; eta: number; mu: number };

const scalars = ["weightDecay", "shrink", "eta", "mu"] as const;

const asgdRule = byFlags((maximize: boolean, decays: boolean, averages: boolean) =>
  defineRule({
    name: "asgd",
    state: ["ax"],
    scalars,
    update({ param, grad, ax }, { weightDecay, shrink, eta, mu }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      const θ = sub(mul(param, shrink), mul(eta, g));
      return { param: θ, ax: averages ? add(ax, mul(mu, sub(θ, ax))) : θ };
    },
  }),
);

/**
 * Averaged stochastic gradient descent: SGD with a falling rate, and the average of where it has been.
 *
 * `g = grad + weightDecay * θ`, `θ = θ (1 - lambd * η) - η g`, `ax = ax + μ (θ - ax)`, and for the next step
 * `η = lr / (1 + lambd * lr * t) ^ alpha`, `μ = 1 / max(1, t - t0)`; the first step has `η = lr`, `μ = 1`. The parameter is not the average: that
 * is `ax` in the state dict, and equal to the parameter up to step `t0`.
 *
 * State: `step`, `eta` and `mu` (rounded to the parameter's precision, as PyTorch's), `ax`.
 *
 * @throws {OptionError} if `lr` or `weightDecay` is negative
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new ASGD([w]);
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float64Array [0.994999]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html}
 * @see {@link https://doi.org/10.1137/0330046 | Acceleration of stochastic approximation by averaging, Polyak & Juditsky 1992}
 */
export class ASGD extends Optimizer<ASGDSettings, ASGDNumbers> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<ASGDSettings>,
    {
      lr = 1e-2,
      lambd = 1e-4,
      alpha = 0.75,
      t0 = 1e6,
      weightDecay = 0,
      foreach = null,
      maximize = false,
      differentiable = false,
      capturable = false,
      ...unknown
    }: ASGDOptions = {},
  ) {
    super(params, { lr, lambd, alpha, t0, weightDecay, foreach, maximize, differentiable, capturable }, unknown);
  }

  protected checkOptions(options: ASGDSettings): void {
    requireNonNegative("ASGD", "lr", options.lr);
    requireNonNegative("ASGD", "weightDecay", options.weightDecay);
    requireOneImplementation("ASGD", options);
  }

  protected stateLayout(): StateLayout<ASGDNumbers> {
    return { numbers: { step: 0, eta: 0, mu: 1 }, slots: ["ax"] };
  }

  protected updateGroup({ params, lr, lambd, alpha, t0, weightDecay, maximize }: ParamGroup<ASGDSettings>): void {
    const decays = weightDecay !== 0;
    const values = this.#scalars;
    values[0] = weightDecay;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const { numbers } = state;
      const step = ++numbers.step;
      if (step === 1) numbers.eta = roundedFor(parameter, lr);
      const rule = asgdRule(maximize, decays, numbers.mu !== 1);
      values[1] = 1 - lambd * numbers.eta;
      values[2] = numbers.eta;
      values[3] = numbers.mu;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
      numbers.eta = roundedFor(parameter, lr / (1 + lambd * lr * step) ** alpha);
      numbers.mu = roundedFor(parameter, 1 / Math.max(1, step - t0));
    }
  }
}
