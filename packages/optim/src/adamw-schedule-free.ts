import { expr } from "@anneal/kernel";
import { averageOfSquares } from "./average-of-squares.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { OptionError, requireBetas, requireNonNegative } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";

const { add, div, mul, sqrt, sub } = expr;

export interface AdamWScheduleFreeOptions {
  /**
   * Learning rate: about how far the parameters move in one step, to the end of the training. 1 to 10 times that of AdamW with a schedule.
   * @defaultValue 0.0025
   */
  lr?: number;
  /**
   * How much of the average counts in the parameters where gradients are taken, above 0, and how much of the average of squares stays at each step.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the denominator, after the bias correction and outside the root.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * Decoupled weight decay: this times the parameter is added to its direction.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * How many steps the rate rises before it stays.
   * @defaultValue 0
   */
  warmupSteps?: number;
  /**
   * Step k has the weight `kʳ` in the average: 0 is the plain average.
   * @defaultValue 0
   */
  r?: number;
  /**
   * Steps of the warmup have the weight of their rate raised to this in the average.
   * @defaultValue 2
   */
  weightLrPower?: number;
  /**
   * Stored for the state dicts of the authors' package; means nothing here.
   * @defaultValue true
   */
  foreach?: boolean;
}

/** What is kept for a group as a whole, beside its options. */
export interface ScheduleFreeProgress {
  /** Steps taken. */
  k: number;
  trainMode: boolean;
  /** Of all weights in the average so far. */
  weightSum: number;
  /** The highest rate so far. */
  lrMax: number;
  /** The rate of the last step, warmup included. */
  scheduledLr: number;
}

export type AdamWScheduleFreeSettings = Required<AdamWScheduleFreeOptions> & ScheduleFreeProgress;

const scalars = ["weightDecay", "beta2", "oneMinusBeta2", "correction2", "eps", "share", "yStep", "lr"] as const;

const scheduleFreeRule = byFlags((decays: boolean, isFirst: boolean, isNearEnd: boolean) =>
  defineRule({
    name: "adamwScheduleFree",
    state: ["z", "exp_avg_sq"],
    scalars,
    update({ param: y, grad, z: earlier, exp_avg_sq }, scalar) {
      const z = isFirst ? y : earlier;
      const v = averageOfSquares(exp_avg_sq, grad, scalar.beta2, scalar.oneMinusBeta2);
      const normalized = div(grad, add(sqrt(div(v, scalar.correction2)), scalar.eps));
      const direction = decays ? add(normalized, mul(scalar.weightDecay, y)) : normalized;
      return {
        param: add(lerp(y, z, scalar.share, isNearEnd), mul(scalar.yStep, direction)),
        z: sub(z, mul(scalar.lr, direction)),
        exp_avg_sq: v,
      };
    },
  }),
);

/** From the average x to y and back: both lie on one line with z. */
const moveRule = defineRule({
  name: "adamwScheduleFreeMove",
  state: ["z"],
  scalars: ["weight"],
  update: ({ param, z }, { weight }) => ({ param: lerp(param, z, weight, false) }),
});

/**
 * Schedule-free AdamW: a constant rate, and in place of a schedule an average that is as good at any time as if the training were to end then.
 * Not in PyTorch.
 *
 * Call `train()` before steps and `eval()` before the parameters are used for anything else: evaluation, saving. The parameters are `y` in
 * between, where gradients are taken, and the average `x` after `eval()`: `y = β1 x + (1 - β1) z`. At step k, with its rate `γ` after the warmup,
 * and `c = w / Σ w`, where `w = kʳ * (highest γ) ^ weightLrPower`:
 *
 * `v = β2 v + (1 - β2) grad²`, `d = grad / (√(v / (1 - β2ᵏ)) + eps) + weightDecay * y`, `z = z - γ d`, `x = (1 - c) x + c z`.
 *
 * State: `z`, `exp_avg_sq` (v); the groups hold `k`, `trainMode`, `weightSum`, `lrMax` and `scheduledLr` besides.
 *
 * Batch-norm statistics belong to the parameters that they were gathered with: after `eval()` they have to be gathered again.
 *
 * @throws {OptionError} if `lr`, `eps`, `weightDecay` or `warmupSteps` is negative, or one of `betas` is outside [0, 1), or the first of them is 0
 * @throws {Error} at a step, if `train()` was not called
 * @example
 * const w = arrayParameter(Float64Array.of(3));
 * const optimizer = new AdamWScheduleFree([w], { lr: 0.1 });
 * for (let step = 0; step < 500; step++) {
 *   optimizer.train();
 *   w.grad = w.data.map((x) => 2 * (x - 1)); // of (w - 1)²
 *   optimizer.step();
 * }
 * optimizer.eval();
 * w.data[0]?.toFixed(1); // => "1.0"
 * @see {@link https://github.com/facebookresearch/schedule_free | The authors' package}
 * @see {@link https://arxiv.org/abs/2405.15682 | The road less scheduled, Defazio et al. 2024}
 */
export class AdamWScheduleFree extends Optimizer<AdamWScheduleFreeSettings, Record<never, number>> {
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<AdamWScheduleFreeSettings>,
    {
      lr = 0.0025,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      warmupSteps = 0,
      r = 0,
      weightLrPower = 2,
      foreach = true,
      ...unknown
    }: AdamWScheduleFreeOptions = {},
  ) {
    const options = {
      lr,
      betas,
      eps,
      r,
      k: 0,
      warmupSteps,
      trainMode: false,
      weightSum: 0,
      lrMax: -1,
      scheduledLr: 0,
      weightLrPower,
      weightDecay,
      foreach,
    };
    super(params, options, unknown);
  }

  /** Put the parameters where gradients are taken. Does nothing where they are there already. */
  train(): this {
    for (const group of this.paramGroups) {
      if (!group.trainMode) this.#move(group, 1 - group.betas[0]);
      group.trainMode = true;
    }
    return this;
  }

  /** Make the parameters the average: what to evaluate, and to save. Does nothing where they are that already. */
  eval(): this {
    for (const group of this.paramGroups) {
      if (group.trainMode) this.#move(group, 1 - 1 / group.betas[0]);
      group.trainMode = false;
    }
    return this;
  }

  protected checkOptions(options: AdamWScheduleFreeSettings): void {
    requireNonNegative("AdamWScheduleFree", "lr", options.lr);
    requireBetas("AdamWScheduleFree", options.betas);
    if (options.betas[0] === 0) {
      throw new OptionError("AdamWScheduleFree", "betas", "two numbers, the first of them above 0", options.betas);
    }
    requireNonNegative("AdamWScheduleFree", "eps", options.eps);
    requireNonNegative("AdamWScheduleFree", "weightDecay", options.weightDecay);
    requireNonNegative("AdamWScheduleFree", "warmupSteps", options.warmupSteps);
  }

  protected stateLayout(): StateLayout<Record<never, number>> {
    return { numbers: {}, slots: ["z", "exp_avg_sq"] };
  }

  protected updateGroup(group: ParamGroup<AdamWScheduleFreeSettings>): void {
    if (!group.trainMode) {
      throw new Error(
        "AdamWScheduleFree.step: the optimizer is not in train mode: the parameters are the average, where no gradients are to be taken. " +
          "Call optimizer.train() before training, and optimizer.eval() before evaluating or saving.",
      );
    }
    const { params, betas, eps, weightDecay, warmupSteps, r, weightLrPower } = group;
    const [beta1, beta2] = betas;
    const step = group.k + 1;
    const lr = group.lr * (group.k < warmupSteps ? step / warmupSteps : 1);
    group.scheduledLr = lr;
    group.lrMax = Math.max(lr, group.lrMax);
    const weight = step ** r * group.lrMax ** weightLrPower;
    group.weightSum += weight;
    // A rate of 0 has no weight.
    const share = group.weightSum === 0 ? 0 : weight / group.weightSum;
    const first = scheduleFreeRule(weightDecay !== 0, true, share >= 0.5);
    const later = scheduleFreeRule(weightDecay !== 0, false, share >= 0.5);
    const values = this.#scalars;
    values[0] = weightDecay;
    values[1] = beta2;
    values[2] = 1 - beta2;
    values[3] = 1 - beta2 ** step;
    values[4] = eps;
    values[5] = share;
    values[6] = lr * (beta1 * (1 - share) - 1);
    values[7] = lr;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const rule = state.slots.has("z") ? later : first;
      parameter.update(rule, state.alignedTo(rule, parameter), values);
    }
    group.k = step;
  }

  /** Move each parameter by `weight` of its way to z. One without z has not taken a step: all three are one. */
  #move({ params }: ParamGroup<AdamWScheduleFreeSettings>, weight: number): void {
    for (const parameter of params) {
      const state = this.existingStateOf(parameter);
      if (state?.slots.has("z")) parameter.update(moveRule, state.alignedTo(moveRule, parameter), [weight]);
    }
  }
}
