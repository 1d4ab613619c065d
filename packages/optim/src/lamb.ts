import { expr, type Rule } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { defineFormula } from "./define-formula.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { moveRule } from "./move-rule.ts";
import { operationsOf, requireOperations } from "./operations.ts";
import { Optimizer } from "./optimizer.ts";
import { requireBetas, requireNonNegative } from "./option-error.ts";
import type { GroupExtras, ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient, type Parameter } from "./parameter.ts";
import { sumOfSquares } from "./squares.ts";

const { add, and, div, f32, gt, mul, neg, select, sqrt } = expr;

export interface LAMBOptions {
  /**
   * Learning rate: how far a parameter moves in one step, as a part of its own norm.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * How much of the averages of the gradient and of its square stays at each step.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the denominator, after the bias correction and outside the root.
   * @defaultValue 1e-6
   */
  eps?: number;
  /**
   * This times the parameter is added to its direction, before the direction's norm is taken.
   * @defaultValue 0.01
   */
  weightDecay?: number;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type LAMBSettings = Required<LAMBOptions>;

export type LAMBNumbers = { step: number };

const slots = ["exp_avg", "exp_avg_sq"] as const;

const averagesRule: (...flags: boolean[]) => Rule = byFlags((maximize: boolean, isNearEnd: boolean) =>
  defineRule({
    name: "lambAverages",
    state: slots,
    scalars: ["oneMinusBeta1", "beta2", "oneMinusBeta2"],
    update({ grad, exp_avg, exp_avg_sq }, { oneMinusBeta1, beta2, oneMinusBeta2 }) {
      const g = maximize ? neg(grad) : grad;
      return {
        exp_avg: lerp(exp_avg, g, oneMinusBeta1, isNearEnd),
        exp_avg_sq: averageOfSquares(exp_avg_sq, g, beta2, oneMinusBeta2),
      };
    },
  }),
);

const direction = defineFormula({
  name: "lambDirection",
  inputs: ["param", ...slots],
  scalars: ["correction1", "correction2", "eps", "weightDecay"],
  value({ param, exp_avg, exp_avg_sq }, { correction1, correction2, eps, weightDecay }) {
    const adaptive = div(div(exp_avg, correction1), add(sqrt(div(exp_avg_sq, correction2)), eps));
    return add(adaptive, mul(weightDecay, param));
  },
});

/** The direction, as long as the parameter is; as it is where one of them is 0. */
const move = defineFormula({
  name: "lambMove",
  inputs: ["direction", "directionSquares", "paramSquares"],
  scalars: ["lr"],
  value({ direction, directionSquares, paramSquares }, { lr }) {
    const hasRatio = and(gt(directionSquares, f32(0)), gt(paramSquares, f32(0)));
    const ratio = div(sqrt(paramSquares), sqrt(directionSquares));
    return mul(mul(lr, select(hasRatio, ratio, f32(1))), direction);
  },
});

/**
 * LAMB: Adam's direction, for each parameter scaled to that parameter's own norm, so that very large batches can take large steps.
 *
 * `m = β1 m + (1 - β1) g`, `v = β2 v + (1 - β2) g²`, `u = (m / (1 - β1ᵗ)) / (√(v / (1 - β2ᵗ)) + eps) + weightDecay * θ`,
 * `θ = θ - lr * (‖θ‖ / ‖u‖) * u`, with 1 in place of the ratio where a norm is 0. This is the paper's algorithm 2 with `φ(z) = z`; PyTorch has none.
 *
 * State: `step`, `exp_avg` (m), `exp_avg_sq` (v).
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @throws {TypeError} if the host of a parameter lacks an operation that it needs
 * @example
 * const w = arrayParameter(Float64Array.of(3, 4));
 * const optimizer = new LAMB([w], { lr: 0.1, weightDecay: 0 });
 * w.grad = Float64Array.of(0, 2);
 * optimizer.step(); // moves by a tenth of the norm, 5
 * w.data.map((x) => Number(x.toFixed(6))); // => Float64Array [3, 3.5]
 * @see {@link https://arxiv.org/abs/1904.00962 | LAMB, You et al. 2020}
 */
export class LAMB extends Optimizer<LAMBSettings, LAMBNumbers> {
  constructor(
    params: ParamsInput<LAMBSettings>,
    { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-6, weightDecay = 0.01, maximize = false, ...unknown }: LAMBOptions = {},
  ) {
    super(params, { lr, betas, eps, weightDecay, maximize }, unknown);
  }

  protected checkOptions({ params = [], ...options }: LAMBSettings & Partial<GroupExtras>): void {
    requireNonNegative("LAMB", "lr", options.lr);
    requireNonNegative("LAMB", "eps", options.eps);
    requireBetas("LAMB", options.betas);
    requireNonNegative("LAMB", "weightDecay", options.weightDecay);
    requireOperations("LAMB", params);
  }

  protected stateLayout(): StateLayout<LAMBNumbers> {
    return { numbers: { step: 0 }, slots };
  }

  protected updateGroup({ params, ...options }: ParamGroup<LAMBSettings>): void {
    for (const parameter of params) {
      if (hasGradient(parameter)) operationsOf(parameter).scope(() => this.#updateParameter(parameter, options));
    }
  }

  #updateParameter(
    parameter: Parameter,
    { lr, betas: [beta1, beta2], eps, weightDecay, maximize }: LAMBSettings,
  ): void {
    const operations = operationsOf(parameter);
    const state = this.stateOf(parameter);
    const step = ++state.numbers.step;
    const rule = averagesRule(maximize, 1 - beta1 >= 0.5);
    const averages = state.alignedTo(rule, parameter);
    parameter.update(rule, averages, [1 - beta1, beta2, 1 - beta2]);

    const corrections = [1 - beta1 ** step, 1 - beta2 ** step];
    const along = operations.compute(direction, [operations.value, ...averages], [...corrections, eps, weightDecay]);
    const squares = [along, operations.value].map((each) => operations.compute(sumOfSquares, [each]));
    parameter.update(moveRule, [operations.compute(move, [along, ...squares], [lr])], [1]);
  }
}
