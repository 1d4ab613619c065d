import { expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireBetas, requireNonNegative } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { signOf } from "./sign-of.ts";
import { decayCoefficient, withWeightDecay } from "./weight-decay.ts";

const { add, mul, sub } = expr;

export interface LionOptions {
  /**
   * Learning rate: exactly how far a parameter moves in one step, which is why it is to be 3 to 10 times smaller than AdamW's.
   * @defaultValue 1e-4
   */
  lr?: number;
  /**
   * How much of the momentum counts beside the gradient in a step, and how much of it stays after it.
   * @defaultValue [0.9, 0.99]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * How much of `lr` the parameter shrinks by at each step: with the smaller rate, 3 to 10 times AdamW's.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type LionSettings = Required<LionOptions>;

const state = ["exp_avg"] as const;
const scalars = ["decay", "beta1", "oneMinusBeta1", "beta2", "oneMinusBeta2", "lr"] as const;

const lionRule = byFlags((maximize: boolean, decays: boolean) =>
  defineRule({
    name: "lion",
    state,
    scalars,
    update({ param, grad, exp_avg }, { decay, beta1, oneMinusBeta1, beta2, oneMinusBeta2, lr }) {
      const { θ, g } = withWeightDecay(param, grad, decay, { maximize, decays, decoupled: true });
      const direction = signOf(add(mul(exp_avg, beta1), mul(oneMinusBeta1, g)));
      return { param: sub(θ, mul(lr, direction)), exp_avg: add(mul(exp_avg, beta2), mul(oneMinusBeta2, g)) };
    },
  }),
);

/**
 * Lion: only the sign of the momentum counts, so that every element moves by `lr`. Half of Adam's memory. Not in PyTorch.
 *
 * `θ = θ (1 - lr * weightDecay)`, `θ = θ - lr * sign(β1 m + (1 - β1) grad)`, `m = β2 m + (1 - β2) grad`.
 *
 * State: `exp_avg` (m).
 *
 * @throws {OptionError} if `lr` or `weightDecay` is negative, or one of `betas` is outside [0, 1)
 * @example
 * const w = arrayParameter(Float64Array.of(1, 1));
 * const optimizer = new Lion([w], { lr: 0.25 });
 * w.grad = Float64Array.of(123, -0.001);
 * optimizer.step();
 * w.data; // => Float64Array [0.75, 1.25]
 * @see {@link https://arxiv.org/abs/2302.06675 | Symbolic discovery of optimization algorithms, Chen et al. 2023}
 */
export class Lion extends Optimizer<LionSettings, Record<never, number>> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<LionSettings>,
    { lr = 1e-4, betas = [0.9, 0.99], weightDecay = 0, maximize = false, ...unknown }: LionOptions = {},
  ) {
    super(params, { lr, betas, weightDecay, maximize }, unknown);
  }

  protected checkOptions(options: LionSettings): void {
    requireNonNegative("Lion", "lr", options.lr);
    requireBetas("Lion", options.betas);
    requireNonNegative("Lion", "weightDecay", options.weightDecay);
  }

  protected stateLayout(): StateLayout<Record<never, number>> {
    return { numbers: {}, slots: state };
  }

  protected updateGroup({ params, lr, betas, weightDecay, maximize }: ParamGroup<LionSettings>): void {
    const [beta1, beta2] = betas;
    const rule = lionRule(maximize, weightDecay !== 0);
    const values = this.#scalars;
    values[0] = decayCoefficient(lr, weightDecay, true);
    values[1] = beta1;
    values[2] = 1 - beta1;
    values[3] = beta2;
    values[4] = 1 - beta2;
    values[5] = lr;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      parameter.update(rule, this.stateOf(parameter).alignedTo(rule, parameter), values);
    }
  }
}
