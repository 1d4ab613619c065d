import { expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import {
  type ImplementationOptions,
  OptionError,
  requireNonNegative,
  requireOneImplementation,
} from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { refuseRowGradients, updateWhereGradient } from "./row-gradient.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, mul, sub } = expr;

export interface SGDOptions extends ImplementationOptions {
  /**
   * Learning rate.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * How much of the last direction goes on: 0 is plain descent.
   * @defaultValue 0
   */
  momentum?: number;
  /**
   * How much of the gradient momentum holds back.
   * @defaultValue 0
   */
  dampening?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Look ahead along the momentum. Needs momentum, and no dampening.
   * @defaultValue false
   */
  nesterov?: boolean;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type SGDSettings = Required<SGDOptions>;

const state = ["momentum_buffer"] as const;
const stateless = [] as const;
const scalars = ["lr", "weightDecay", "momentum", "oneMinusDampening"] as const;

/** Plain descent. */
const plainRule = byFlags((maximize: boolean, decays: boolean) =>
  defineRule({
    name: "sgd",
    state: stateless,
    scalars,
    update({ param, grad }, { lr, weightDecay }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      return { param: sub(param, mul(lr, g)) };
    },
  }),
);

/** Descent with momentum. The first step starts the buffer from the gradient, not from zero, and does not dampen it. */
const momentumRule = byFlags((maximize: boolean, decays: boolean, isFirst: boolean, nesterov: boolean) =>
  defineRule({
    name: "sgdMomentum",
    state,
    scalars,
    update({ param, grad, momentum_buffer }, { lr, weightDecay, momentum, oneMinusDampening }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      const buffer = isFirst ? g : add(mul(momentum, momentum_buffer), mul(oneMinusDampening, g));
      const direction = nesterov ? add(g, mul(momentum, buffer)) : buffer;
      return { param: sub(param, mul(lr, direction)), momentum_buffer: buffer };
    },
  }),
);

/**
 * Stochastic gradient descent, with momentum and Nesterov's momentum if asked for.
 *
 * `g = grad + weightDecay * θ`, `b = momentum * b + (1 - dampening) * g` (first step: `b = g`), `θ = θ - lr * b`,
 * with `g + momentum * b` in place of `b` for Nesterov. The rate is not part of the momentum, as it is in Sutskever et al.
 *
 * Takes gradients by rows (`rowGradient`), where there is no weight decay. Momentum goes on in all rows.
 *
 * State: `momentum_buffer`, where there is momentum.
 *
 * @throws {OptionError} if an option is negative, or Nesterov's momentum lacks momentum or has dampening
 * @example
 * const w = arrayParameter(Float32Array.of(1));
 * const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9 });
 * w.grad = Float32Array.of(0.5);
 * optimizer.step();
 * w.data; // => Float32Array [0.95]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html}
 * @see {@link https://proceedings.mlr.press/v28/sutskever13.html | On the importance of initialization and momentum, 2013}
 */
export class SGD extends Optimizer<SGDSettings, Record<never, number>> {
  protected override readonly takesRowGradients = true;
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<SGDSettings>,
    {
      lr = 1e-3,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
      maximize = false,
      foreach = null,
      differentiable = false,
      fused = null,
      ...unknown
    }: SGDOptions = {},
  ) {
    const options = { lr, momentum, dampening, weightDecay, nesterov, maximize, foreach, differentiable, fused };
    super(params, options, unknown);
  }

  protected checkOptions(options: SGDSettings): void {
    requireNonNegative("SGD", "lr", options.lr);
    requireNonNegative("SGD", "momentum", options.momentum);
    requireNonNegative("SGD", "weightDecay", options.weightDecay);
    if (options.nesterov && (options.momentum <= 0 || options.dampening !== 0)) {
      throw new OptionError(
        "SGD",
        "nesterov",
        "false without a momentum above 0 and a dampening of 0",
        options.nesterov,
      );
    }
    requireOneImplementation("SGD", options);
  }

  protected stateLayout(): StateLayout<Record<never, number>> {
    return { numbers: {}, slots: state };
  }

  protected updateGroup({
    params,
    lr,
    momentum,
    dampening,
    weightDecay,
    nesterov,
    maximize,
  }: ParamGroup<SGDSettings>): void {
    const values = this.#scalars;
    values[0] = lr;
    values[1] = weightDecay;
    values[2] = momentum;
    values[3] = 1 - dampening;
    const decays = weightDecay !== 0;
    if (decays) refuseRowGradients("SGD", params, "and weightDecay would change all the others. Set it to 0.");
    if (momentum === 0) {
      const rule = plainRule(maximize, decays);
      for (const parameter of params) {
        if (hasGradient(parameter)) updateWhereGradient("SGD", parameter, rule, stateless, values);
      }
      return;
    }
    const first = momentumRule(maximize, decays, true, nesterov);
    const later = momentumRule(maximize, decays, false, nesterov);
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const remembered = this.stateOf(parameter);
      const rule = remembered.slots.size === 0 ? first : later;
      parameter.update(rule, remembered.alignedTo(rule, parameter), values);
    }
  }
}
