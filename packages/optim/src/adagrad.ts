import { expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import { filled } from "./filled.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { type ImplementationOptions, requireNonNegative, requireOneImplementation } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient, type Parameter } from "./parameter.ts";
import { refuseRowGradients, updateWhereGradient } from "./row-gradient.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface AdagradOptions extends ImplementationOptions {
  /**
   * Learning rate.
   * @defaultValue 1e-2
   */
  lr?: number;
  /**
   * How fast the rate falls: at step t it is `lr / (1 + (t - 1) * lrDecay)`.
   * @defaultValue 0
   */
  lrDecay?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * What the sum of squares starts from.
   * @defaultValue 0
   */
  initialAccumulatorValue?: number;
  /**
   * Added to the denominator, outside the root.
   * @defaultValue 1e-10
   */
  eps?: number;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type AdagradSettings = Required<AdagradOptions>;

const state = ["sum"] as const;
const scalars = ["weightDecay", "rate", "eps"] as const;

const adagradRule = byFlags((maximize: boolean, decays: boolean) =>
  defineRule({
    name: "adagrad",
    state,
    scalars,
    update({ param, grad, sum }, { weightDecay, rate, eps }) {
      const { g } = withWeightDecay(param, grad, weightDecay, { maximize, decays });
      const total = add(sum, mul(g, g));
      return { param: sub(param, div(mul(rate, g), add(sqrt(total), eps))), sum: total };
    },
  }),
);

/**
 * Adagrad: the more a parameter's gradients have been so far, the smaller its steps.
 *
 * `g = grad + weightDecay * θ`, `S = S + g²`, `θ = θ - lr / (1 + (t - 1) * lrDecay) * g / (√S + eps)`.
 *
 * Takes gradients by rows (`rowGradient`), where there is no weight decay.
 *
 * State: `step`, `sum` (S), there from the start. A group's own `initialAccumulatorValue` counts, which PyTorch overlooks.
 *
 * @throws {OptionError} if an option is negative
 * @example
 * const w = arrayParameter(Float64Array.of(1, 1));
 * const optimizer = new Adagrad([w], { lr: 0.1 });
 * w.grad = Float64Array.of(4, 0.25);
 * optimizer.step();
 * w.data[0]?.toFixed(6); // => "0.900000"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html}
 * @see {@link https://jmlr.org/papers/v12/duchi11a.html | Adaptive subgradient methods, Duchi et al. 2011}
 */
export class Adagrad extends Optimizer<AdagradSettings, { step: number }> {
  protected override readonly takesRowGradients = true;
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<AdagradSettings>,
    {
      lr = 1e-2,
      lrDecay = 0,
      weightDecay = 0,
      initialAccumulatorValue = 0,
      eps = 1e-10,
      foreach = null,
      maximize = false,
      differentiable = false,
      fused = null,
      ...unknown
    }: AdagradOptions = {},
  ) {
    const options = {
      lr,
      lrDecay,
      eps,
      weightDecay,
      initialAccumulatorValue,
      foreach,
      maximize,
      differentiable,
      fused,
    };
    super(params, options, unknown);
    for (const group of this.paramGroups) for (const parameter of group.params) this.#startedStateOf(parameter, group);
  }

  protected checkOptions(options: AdagradSettings): void {
    requireNonNegative("Adagrad", "lr", options.lr);
    requireNonNegative("Adagrad", "lrDecay", options.lrDecay);
    requireNonNegative("Adagrad", "weightDecay", options.weightDecay);
    requireNonNegative("Adagrad", "initialAccumulatorValue", options.initialAccumulatorValue);
    requireNonNegative("Adagrad", "eps", options.eps);
    requireOneImplementation("Adagrad", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: state };
  }

  protected updateGroup(group: ParamGroup<AdagradSettings>): void {
    const { params, lr, lrDecay, eps, weightDecay, maximize } = group;
    const decays = weightDecay !== 0;
    if (decays) refuseRowGradients("Adagrad", params, "and weightDecay would change all the others. Set it to 0.");
    const rule = adagradRule(maximize, decays);
    const values = this.#scalars;
    values[0] = weightDecay;
    values[2] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const remembered = this.#startedStateOf(parameter, group);
      const step = ++remembered.numbers.step;
      values[1] = lr / (1 + (step - 1) * lrDecay);
      updateWhereGradient("Adagrad", parameter, rule, remembered.alignedTo(rule, parameter), values);
    }
  }

  #startedStateOf(parameter: Parameter, { initialAccumulatorValue: value }: AdagradSettings) {
    const remembered = this.stateOf(parameter);
    if (!remembered.slots.has("sum")) remembered.slots.set("sum", filled(parameter, value));
    return remembered;
  }
}
