import { type Expr, expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireNonNegative, requireOneImplementation, requirePair, type UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { signOf } from "./sign-of.ts";

const { eq, f32, gt, lt, max, min, mul, neg, select, sub } = expr;

export interface RpropOptions extends UnfusedOptions {
  /**
   * The first step size of every element. Later ones come from the signs, so that schedules have no effect.
   * @defaultValue 1e-2
   */
  lr?: number;
  /**
   * What a step size is multiplied by when the gradient's sign turned, and when it stayed.
   * @defaultValue [0.5, 1.2]
   */
  etas?: readonly [etaMinus: number, etaPlus: number];
  /**
   * The smallest and the largest step size.
   * @defaultValue [1e-6, 50]
   */
  stepSizes?: readonly [min: number, max: number];
}

export type RpropSettings = Required<RpropOptions>;

const scalars = ["lr", "etaMinus", "etaPlus", "smallest", "largest"] as const;

const rpropRule = byFlags((maximize: boolean, isFirst: boolean) =>
  defineRule({
    name: "rprop",
    state: ["prev", "step_size"],
    scalars,
    update({ param, grad, prev, step_size }, { lr, etaMinus, etaPlus, smallest, largest }) {
      const zero = f32(0);
      const signed = maximize ? neg(grad) : grad;
      const agreement = mul(signed, prev);
      const turned = lt(agreement, zero);
      // Not a number stays so, to be seen.
      const otherwise: Expr = select(eq(agreement, zero), f32(1), agreement);
      const factor = select(turned, etaMinus, select(gt(agreement, zero), etaPlus, otherwise));
      const size = min(max(mul(isFirst ? lr : step_size, factor), smallest), largest);
      const g = select(turned, zero, signed);
      return { param: sub(param, mul(signOf(g), size)), prev: g, step_size: size };
    },
  }),
);

/**
 * Rprop: only the sign of the gradient counts, and every element has a step size of its own, which grows while its sign stays.
 *
 * `s = sign(grad * prev)`, `size = clamp(size * (η₊ if s > 0, η₋ if s < 0, or 1), stepSizes)`, `g = grad`, or 0 where s < 0,
 * `θ = θ - sign(g) * size`, `prev = g`. It is meant for gradients of the whole data, not of batches. There is no weight decay.
 *
 * State: `step`, `prev`, `step_size`.
 *
 * @throws {OptionError} if `lr` is negative, or not `0 < etas[0] < 1 < etas[1]`, or `stepSizes` are not in order
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Rprop([w], { lr: 0.1 });
 * w.grad = Float64Array.of(123);
 * optimizer.step();
 * w.data; // => Float64Array [0.9]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html}
 * @see {@link https://doi.org/10.1109/ICNN.1993.298623 | A direct adaptive method for faster backpropagation, Riedmiller & Braun 1993}
 */
export class Rprop extends Optimizer<RpropSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<RpropSettings>,
    {
      lr = 1e-2,
      etas = [0.5, 1.2],
      stepSizes = [1e-6, 50],
      capturable = false,
      foreach = null,
      maximize = false,
      differentiable = false,
      ...unknown
    }: RpropOptions = {},
  ) {
    super(params, { lr, etas, stepSizes, foreach, maximize, differentiable, capturable }, unknown);
  }

  protected checkOptions(options: RpropSettings): void {
    requireNonNegative("Rprop", "lr", options.lr);
    const { etas, stepSizes } = options;
    requirePair("Rprop", "etas", etas, (a, b) => 0 < a && a < 1 && 1 < b, "one between 0 and 1 and one above 1");
    requirePair("Rprop", "stepSizes", stepSizes, (a, b) => a <= b, "the smallest and the largest");
    requireOneImplementation("Rprop", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["prev", "step_size"] };
  }

  protected updateGroup({ params, lr, etas, stepSizes, maximize }: ParamGroup<RpropSettings>): void {
    const first = rpropRule(maximize, true);
    const later = rpropRule(maximize, false);
    const values = this.#scalars;
    values[0] = lr;
    [values[1], values[2]] = etas;
    [values[3], values[4]] = stepSizes;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      state.numbers.step++;
      const rule = state.slots.has("step_size") ? later : first;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
