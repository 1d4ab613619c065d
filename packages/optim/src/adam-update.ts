import { expr, type Rule } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import type { ImplementationOptions } from "./option-error.ts";
import type { ParamGroup } from "./param-groups.ts";
import { hasGradient, type Parameter } from "./parameter.ts";
import type { ParameterState } from "./parameter-state.ts";
import { decayCoefficient, withWeightDecay } from "./weight-decay.ts";

const { add, div, max, mul, sqrt, sub } = expr;

/** What Adam and AdamW have in common. */
export interface AdamFamilyOptions extends ImplementationOptions {
  /**
   * Learning rate: about how far a parameter moves in one step.
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
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * Divide by the largest average of squares so far instead of the present one.
   * @defaultValue false
   */
  amsgrad?: boolean;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
  /**
   * Stored for PyTorch's state dicts; means nothing here.
   * @defaultValue false
   */
  capturable?: boolean;
}

export type AdamSettings = Required<AdamFamilyOptions> & { weightDecay: number; decoupledWeightDecay: boolean };

export type AdamNumbers = { step: number };

const slots = ["exp_avg", "exp_avg_sq"] as const;
const amsgradSlots = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] as const;

export const adamLayout = (): StateLayout<AdamNumbers> => ({ numbers: { step: 0 }, slots: amsgradSlots });

/** Room for the scalars of the rule, in its order. */
export const adamScalars = ["decay", "oneMinusBeta1", "beta2", "oneMinusBeta2", "correctedEps", "stepSize"] as const;

/**
 * One element of Adam. Symbols as in the paper: `m` and `v` the averages, `m̂ / (√v̂ + eps)` the direction. The correction of `v` stands in the
 * scalars, as both sides of the fraction times `√(1 - β2ᵗ)`: a division of every element less, of which there is one besides the root.
 */
const adamRule: (...flags: boolean[]) => Rule = byFlags(
  (maximize: boolean, decays: boolean, decoupled: boolean, amsgrad: boolean, isNearEnd: boolean) =>
    defineRule({
      name: "adam",
      state: amsgrad ? amsgradSlots : slots,
      scalars: adamScalars,
      update(slot, scalar) {
        const { param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq } = slot as Record<
          "param" | "grad" | (typeof amsgradSlots)[number],
          typeof slot.param
        >;
        const { θ, g } = withWeightDecay(param, grad, scalar.decay, { maximize, decays, decoupled });
        const m = lerp(exp_avg, g, scalar.oneMinusBeta1, isNearEnd);
        const v = averageOfSquares(exp_avg_sq, g, scalar.beta2, scalar.oneMinusBeta2);
        const largest = amsgrad ? max(max_exp_avg_sq, v) : v;
        return {
          param: sub(θ, div(mul(scalar.stepSize, m), add(sqrt(largest), scalar.correctedEps))),
          exp_avg: m,
          exp_avg_sq: v,
          ...(amsgrad && { max_exp_avg_sq: largest }),
        };
      },
    }),
);

/** One step of a group. `values` is where the scalars of each update are put. */
export function updateAdamGroup(
  { params, lr, betas, eps, weightDecay, amsgrad, maximize, decoupledWeightDecay }: ParamGroup<AdamSettings>,
  stateOf: (parameter: Parameter) => ParameterState<AdamNumbers>,
  values: number[],
): void {
  const [beta1, beta2] = betas;
  const rule = adamRule(maximize, weightDecay !== 0, decoupledWeightDecay, amsgrad, 1 - beta1 >= 0.5);
  values[0] = decayCoefficient(lr, weightDecay, decoupledWeightDecay);
  values[1] = 1 - beta1;
  values[2] = beta2;
  values[3] = 1 - beta2;
  let corrected = 0;
  for (const parameter of params) {
    if (!hasGradient(parameter)) continue;
    const state = stateOf(parameter);
    const step = ++state.numbers.step;
    // Parameters of one group have nearly always taken the same number of steps.
    if (step !== corrected) {
      const root = Math.sqrt(1 - beta2 ** step);
      values[4] = root * eps;
      values[5] = (root * lr) / (1 - beta1 ** step);
      corrected = step;
    }
    parameter.update(rule, state.alignedTo(rule, parameter), values);
  }
}
