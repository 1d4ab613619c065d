import { expr, type Rule } from "@anneal/kernel";
import { defineFormula } from "./define-formula.ts";
import { byFlags, defineRule } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { moveRule } from "./move-rule.ts";
import { orthogonalized } from "./newton-schulz.ts";
import { operationsOf, requireOperations } from "./operations.ts";
import { Optimizer } from "./optimizer.ts";
import { OptionError, requireNonNegative } from "./option-error.ts";
import type { GroupExtras, ParamGroup, ParamsInput } from "./param-groups.ts";
import { gradientOf, hasGradient, type Parameter } from "./parameter.ts";

const { mul } = expr;

/** How the rate depends on a matrix of `rows` and `columns`. */
const rateFactors = {
  original: (rows: number, columns: number) => Math.sqrt(Math.max(1, rows / columns)),
  match_rms_adamw: (rows: number, columns: number) => 0.2 * Math.sqrt(Math.max(rows, columns)),
  spectral_unclamped: (rows: number, columns: number) => Math.sqrt(rows / columns),
};

export interface MuonOptions {
  /**
   * Learning rate.
   * @defaultValue 1e-3
   */
  lr?: number;
  /**
   * The parameter is multiplied by `1 - lr * weightDecay` in each step.
   * @defaultValue 0.1
   */
  weightDecay?: number;
  /**
   * How much of the average of the gradient stays at each step.
   * @defaultValue 0.95
   */
  momentum?: number;
  /**
   * Look ahead along the momentum.
   * @defaultValue true
   */
  nesterov?: boolean;
  /**
   * `a`, `b` and `c` of the Newton-Schulz iteration `X ← aX + (bA + cA²)X`, where `A = XXᵀ`.
   * @defaultValue [3.4445, -4.7750, 2.0315]
   */
  nsCoefficients?: readonly [a: number, b: number, c: number];
  /**
   * The least that the norm of a direction counts for.
   * @defaultValue 1e-7
   */
  eps?: number;
  /**
   * How many Newton-Schulz iterations, below 100.
   * @defaultValue 5
   */
  nsSteps?: number;
  /**
   * What `lr` is multiplied by for a matrix `[rows, columns]`: `"original"` (or null) `√max(1, rows / columns)`; `"match_rms_adamw"`
   * `0.2 √max(rows, columns)`, so that rates tuned for AdamW fit; `"spectral_unclamped"` `√(rows / columns)`.
   * @defaultValue null
   */
  adjustLrFn?: keyof typeof rateFactors | null;
}

export type MuonSettings = Required<MuonOptions>;

const slots = ["momentum_buffer"] as const;

const bufferRule: (...flags: boolean[]) => Rule = byFlags((isNearEnd: boolean) =>
  defineRule({
    name: "muonBuffer",
    state: slots,
    scalars: ["oneMinusMomentum"],
    update: ({ grad, momentum_buffer }, { oneMinusMomentum }) => ({
      momentum_buffer: lerp(momentum_buffer, grad, oneMinusMomentum, isNearEnd),
    }),
  }),
);

const lookahead = byFlags((isNearEnd: boolean) =>
  defineFormula({
    name: "muonLookahead",
    inputs: ["grad", "buffer"],
    scalars: ["momentum"],
    value: ({ grad, buffer }, { momentum }) => lerp(grad, buffer, momentum, isNearEnd),
  }),
);

const scaled = defineFormula({ name: "scaled", inputs: ["x"], scalars: ["by"], value: ({ x }, { by }) => mul(by, x) });

/**
 * Muon: momentum whose direction is made orthogonal, so that all directions of a weight matrix are learned at one rate. For the matrices of hidden
 * layers; give embeddings, biases and the last layer to another optimizer.
 *
 * `B = B + (1 - momentum) (g - B)`, `U = g + momentum (B - g)` (without `nesterov`: `B`), `O` = U with its singular values brought to about 1,
 * `θ = θ (1 - lr * weightDecay) - lr' O`, where `lr'` is `lr` adjusted to the shape by `adjustLrFn`.
 *
 * State: `momentum_buffer` (B).
 *
 * @throws {OptionError} if `lr`, `weightDecay` or `momentum` is negative, `nsSteps` is no whole number below 100, or a parameter no matrix
 * @throws {TypeError} if the host of a parameter lacks an operation that it needs
 * @example
 * const w = arrayParameter(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
 * const optimizer = new Muon([w], { lr: 0.1 });
 * w.grad = Float32Array.of(0.1, 0.2, 0.3, 0.4);
 * optimizer.step();
 * Array.from(w.data, (x) => Number(x.toFixed(6))); // => [1.058359, 1.898359, 2.896563, 3.935293]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html}
 * @see {@link https://kellerjordan.github.io/posts/muon/ | Muon, Jordan 2024}
 * @see {@link https://arxiv.org/abs/2502.16982 | Muon is scalable for LLM training, Liu et al. 2025}
 */
export class Muon extends Optimizer<MuonSettings, Record<never, number>> {
  constructor(
    params: ParamsInput<MuonSettings>,
    {
      lr = 1e-3,
      weightDecay = 0.1,
      momentum = 0.95,
      nesterov = true,
      nsCoefficients = [3.4445, -4.775, 2.0315],
      eps = 1e-7,
      nsSteps = 5,
      adjustLrFn = null,
      ...unknown
    }: MuonOptions = {},
  ) {
    super(params, { lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn }, unknown);
  }

  protected checkOptions({ params = [], ...options }: MuonSettings & Partial<GroupExtras>): void {
    const { nsCoefficients, nsSteps, adjustLrFn } = options;
    requireNonNegative("Muon", "lr", options.lr);
    requireNonNegative("Muon", "weightDecay", options.weightDecay);
    requireNonNegative("Muon", "momentum", options.momentum);
    requireNonNegative("Muon", "eps", options.eps);
    if (!(Array.isArray(nsCoefficients) && nsCoefficients.length === 3 && nsCoefficients.every(Number.isFinite))) {
      throw new OptionError("Muon", "nsCoefficients", "three numbers", nsCoefficients);
    }
    if (!(Number.isInteger(nsSteps) && nsSteps >= 0 && nsSteps < 100)) {
      throw new OptionError("Muon", "nsSteps", "a whole number from 0 up to, but not including, 100", nsSteps);
    }
    if (adjustLrFn !== null && !Object.hasOwn(rateFactors, adjustLrFn)) {
      const names = Object.keys(rateFactors).map((name) => JSON.stringify(name));
      throw new OptionError("Muon", "adjustLrFn", `null or one of ${names.join(", ")}`, adjustLrFn);
    }
    const flat = params.find(({ shape }) => shape.length !== 2);
    if (flat) {
      throw new RangeError(
        `Muon: takes matrices only, but one of the params has shape [${flat.shape.join(", ")}]. ` +
          "Give vectors, embeddings and kernels of convolutions to another optimizer, such as AdamW.",
      );
    }
    requireOperations("Muon", params);
  }

  protected stateLayout(): StateLayout<Record<never, number>> {
    return { numbers: {}, slots };
  }

  protected updateGroup({ params, ...options }: ParamGroup<MuonSettings>): void {
    for (const parameter of params) {
      if (hasGradient(parameter)) operationsOf(parameter).scope(() => this.#updateParameter(parameter, options));
    }
  }

  #updateParameter(parameter: Parameter, options: MuonSettings): void {
    const { lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn } = options;
    const operations = operationsOf(parameter);
    const rule = bufferRule(1 - momentum >= 0.5);
    const buffers = this.stateOf(parameter).alignedTo(rule, parameter);
    parameter.update(rule, buffers, [1 - momentum]);

    const [buffer] = buffers;
    const along = nesterov
      ? operations.compute(lookahead(momentum >= 0.5), [gradientOf(parameter), buffer], [momentum])
      : buffer;
    const { shape } = parameter;
    const direction = orthogonalized(operations, along, shape, { coefficients: nsCoefficients, steps: nsSteps, eps });
    const [rows = 1, columns = 1] = shape;
    const rate = lr * rateFactors[adjustLrFn ?? "original"](rows, columns);
    parameter.update(moveRule, [operations.compute(scaled, [direction], [rate])], [1 - lr * weightDecay]);
  }
}
