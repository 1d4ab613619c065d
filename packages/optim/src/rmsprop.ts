import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireNonNegative, requireOneImplementation, type UnfusedOptions } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { withWeightDecay } from "./weight-decay.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface RMSpropOptions extends UnfusedOptions {
  /**
   * Learning rate: about how far a parameter moves in one step.
   * @defaultValue 1e-2
   */
  lr?: number;
  /**
   * How much of the average of squares stays at each step.
   * @defaultValue 0.99
   */
  alpha?: number;
  /**
   * Added to the denominator, outside the root.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * L2 penalty: this times the parameter is added to its gradient.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * How much of the last direction goes on.
   * @defaultValue 0
   */
  momentum?: number;
  /**
   * Divide by an estimate of the gradient's standard deviation: the square of its average is taken off the average of its square.
   * @defaultValue false
   */
  centered?: boolean;
}

export type RMSpropSettings = Required<RMSpropOptions>;

type Slot = "square_avg" | "momentum_buffer" | "grad_avg";

const scalars = ["weightDecay", "alpha", "oneMinusAlpha", "eps", "momentum", "lr"] as const;

const rmspropRule = byFlags(
  (maximize: boolean, decays: boolean, centered: boolean, hasMomentum: boolean, isNearEnd: boolean) => {
    const state: Slot[] = ["square_avg"];
    if (hasMomentum) state.push("momentum_buffer");
    if (centered) state.push("grad_avg");
    return defineRule({
      name: "rmsprop",
      state,
      scalars,
      update({ param, grad, square_avg, momentum_buffer, grad_avg }, scalar) {
        const { g } = withWeightDecay(param, grad, scalar.weightDecay, { maximize, decays });
        const squares = averageOfSquares(square_avg, g, scalar.alpha, scalar.oneMinusAlpha);
        const average = centered ? lerp(grad_avg, g, scalar.oneMinusAlpha, isNearEnd) : undefined;
        const variance = average ? sub(squares, mul(average, average)) : squares;
        const denominator = add(sqrt(variance), scalar.eps);
        const buffer = hasMomentum ? add(mul(momentum_buffer, scalar.momentum), div(g, denominator)) : undefined;
        return {
          param: sub(param, buffer ? mul(scalar.lr, buffer) : div(mul(scalar.lr, g), denominator)),
          square_avg: squares,
          ...(buffer && { momentum_buffer: buffer }),
          ...(average && { grad_avg: average }),
        };
      },
    });
  },
);

/**
 * RMSprop: steps of about `lr`, whatever the gradient's scale of late.
 *
 * `g = grad + weightDecay * θ`, `S = α S + (1 - α) g²`, `d = √S + eps`, `θ = θ - lr * g / d`; with momentum `b = momentum * b + g / d`,
 * `θ = θ - lr * b`. Where `centered`, `a = a + (1 - α)(g - a)` and `d = √(S - a²) + eps`, which is not a number should rounding leave
 * the difference below 0, as in PyTorch. TensorFlow has `eps` inside the root.
 *
 * State: `step`, `square_avg` (S), `momentum_buffer` (b) where there is momentum, and `grad_avg` (a) where `centered`.
 *
 * @throws {OptionError} if an option is negative
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new RMSprop([w]);
 * w.grad = Float64Array.of(0.5);
 * optimizer.step();
 * w.data[0]?.toFixed(6); // => "0.900000"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html}
 * @see {@link https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf | Lecture 6e, Hinton 2012}
 * @see {@link https://arxiv.org/abs/1308.0850 | Generating sequences with recurrent neural networks (centered), Graves 2013}
 */
export class RMSprop extends Optimizer<RMSpropSettings, { step: number }> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<RMSpropSettings>,
    {
      lr = 1e-2,
      alpha = 0.99,
      eps = 1e-8,
      weightDecay = 0,
      momentum = 0,
      centered = false,
      capturable = false,
      foreach = null,
      maximize = false,
      differentiable = false,
      ...unknown
    }: RMSpropOptions = {},
  ) {
    const options = {
      lr,
      momentum,
      alpha,
      eps,
      centered,
      weightDecay,
      capturable,
      foreach,
      maximize,
      differentiable,
    };
    super(params, options, unknown);
  }

  protected checkOptions(options: RMSpropSettings): void {
    requireNonNegative("RMSprop", "lr", options.lr);
    requireNonNegative("RMSprop", "eps", options.eps);
    requireNonNegative("RMSprop", "momentum", options.momentum);
    requireNonNegative("RMSprop", "weightDecay", options.weightDecay);
    requireNonNegative("RMSprop", "alpha", options.alpha);
    requireOneImplementation("RMSprop", options);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["square_avg", "momentum_buffer", "grad_avg"] };
  }

  protected updateGroup({
    params,
    lr,
    momentum,
    alpha,
    eps,
    centered,
    weightDecay,
    maximize,
  }: ParamGroup<RMSpropSettings>): void {
    const rule = rmspropRule(maximize, weightDecay !== 0, centered, momentum > 0, 1 - alpha >= 0.5);
    const values = this.#scalars;
    values[0] = weightDecay;
    values[1] = alpha;
    values[2] = 1 - alpha;
    values[3] = eps;
    values[4] = momentum;
    values[5] = lr;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      state.numbers.step++;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
  }
}
