import { expr } from "@anneal/kernel";
import { byFlags, defineRule } from "./define-rule.ts";
import type { StateLayout } from "./load-state.ts";
import { Optimizer } from "./optimizer.ts";
import { requireBetas, requirePositive } from "./option-error.ts";
import type { ParamGroup, ParamsInput } from "./param-groups.ts";
import { hasGradient } from "./parameter.ts";
import { refuseDenseGradients, updateWhereGradient } from "./row-gradient.ts";

const { add, div, mul, neg, sqrt, sub } = expr;

export interface SparseAdamOptions {
  /**
   * Learning rate: about how far a row moves in one step.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * How much of a row's averages of the gradient and of its square stays at each step that names it.
   * @defaultValue [0.9, 0.999]
   */
  betas?: readonly [beta1: number, beta2: number];
  /**
   * Added to the root of the average of squares, before the bias correction.
   * @defaultValue 1e-8
   */
  eps?: number;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type SparseAdamSettings = Required<SparseAdamOptions>;

const scalars = ["oneMinusBeta1", "oneMinusBeta2", "eps", "stepSize"] as const;

const sparseAdamRule = byFlags((maximize: boolean) =>
  defineRule({
    name: "sparseAdam",
    state: ["exp_avg", "exp_avg_sq"],
    scalars,
    update({ param, grad, exp_avg, exp_avg_sq }, { oneMinusBeta1, oneMinusBeta2, eps, stepSize }) {
      const g = maximize ? neg(grad) : grad;
      const m = add(exp_avg, mul(oneMinusBeta1, sub(g, exp_avg)));
      const v = add(exp_avg_sq, mul(oneMinusBeta2, sub(mul(g, g), exp_avg_sq)));
      return { param: sub(param, mul(stepSize, div(m, add(sqrt(v), eps)))), exp_avg: m, exp_avg_sq: v };
    },
  }),
);

/**
 * SparseAdam: Adam for tables of embeddings. Only rows that the gradient names move, and only their averages decay.
 *
 * For the rows of a `rowGradient`: `m = m + (1 - β1)(g - m)`, `v = v + (1 - β2)(g² - v)`,
 * `θ = θ - lr √(1 - β2ᵗ) / (1 - β1ᵗ) * m / (√v + eps)`. The step count t is the parameter's, whichever rows the steps named.
 *
 * A dense gradient is an error: it is Adam's. Tensors have gradients by rows from `new Embedding(n, d, { sparse: true })`.
 *
 * State: `step`, `exp_avg` (m), `exp_avg_sq` (v).
 *
 * @throws {OptionError} if `lr` or `eps` is not above 0, or one of `betas` is outside [0, 1)
 * @throws {TypeError} at a step, if a gradient is dense
 * @example
 * const embedding = arrayParameter(new Float64Array(6), { shape: [3, 2] });
 * const optimizer = new SparseAdam([embedding], { lr: 0.1 });
 * embedding.grad = rowGradient([1], Float64Array.of(5, -5));
 * optimizer.step();
 * Array.from(embedding.data, (x) => x.toFixed(3)).join(); // => "0.000,0.000,-0.100,0.100,0.000,0.000"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html}
 * @see {@link https://arxiv.org/abs/1412.6980 | Adam, Kingma & Ba 2015}
 */
export class SparseAdam extends Optimizer<SparseAdamSettings, { step: number }> {
  protected override readonly takesRowGradients = true;
  readonly #scalars = scalars.map(() => 0);

  constructor(
    params: ParamsInput<SparseAdamSettings>,
    { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, maximize = false, ...unknown }: SparseAdamOptions = {},
  ) {
    super(params, { lr, betas, eps, maximize }, unknown);
  }

  protected checkOptions(options: SparseAdamSettings): void {
    requirePositive("SparseAdam", "lr", options.lr);
    requirePositive("SparseAdam", "eps", options.eps);
    requireBetas("SparseAdam", options.betas);
  }

  protected stateLayout(): StateLayout<{ step: number }> {
    return { numbers: { step: 0 }, slots: ["exp_avg", "exp_avg_sq"] };
  }

  protected updateGroup({ params, lr, betas, eps, maximize }: ParamGroup<SparseAdamSettings>): void {
    refuseDenseGradients(
      "SparseAdam",
      params,
      "which is Adam's: use Adam, or gradients by rows: rowGradient(indices, values), or those of new Embedding(n, d, { sparse: true }).",
    );
    const [beta1, beta2] = betas;
    const rule = sparseAdamRule(maximize);
    const values = this.#scalars;
    values[0] = 1 - beta1;
    values[1] = 1 - beta2;
    values[2] = eps;
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const state = this.stateOf(parameter);
      const step = ++state.numbers.step;
      values[3] = (lr * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      updateWhereGradient("SparseAdam", parameter, rule, state.alignedTo(rule, parameter), values);
    }
  }
}
