import { expr, type Formula } from "@anneal/kernel";
import { defineFormula } from "./define-formula.ts";
import { byFlags } from "./define-rule.ts";
import { lerp } from "./lerp.ts";
import type { StateLayout } from "./load-state.ts";
import { moveRule } from "./move-rule.ts";
import { type Operations, operationsOf, requireOperations } from "./operations.ts";
import { Optimizer } from "./optimizer.ts";
import { OptionError, requireNonNegative } from "./option-error.ts";
import type { GroupExtras, ParamGroup, ParamsInput } from "./param-groups.ts";
import { gradientOf, hasGradient, type Parameter } from "./parameter.ts";
import type { ParameterState } from "./parameter-state.ts";
import { squares } from "./squares.ts";

const { div, f32, max, mul, neg, sqrt } = expr;

export interface AdafactorOptions {
  /**
   * The most that the relative step `1 / √step` may be.
   * @defaultValue 1e-2
   */
  lr?: number;
  /**
   * How the averages of squares lengthen: the newest square has the weight `step ** beta2Decay`.
   * @defaultValue -0.8
   */
  beta2Decay?: number;
  /**
   * The least that a square may be, as a root, and the least that a parameter's size counts for. `null` is the machine epsilon of the
   * parameter's precision.
   * @defaultValue [null, 1e-3]
   */
  eps?: readonly [eps1: number | null, eps2: number];
  /**
   * The largest root mean square that an update may have before it is scaled down to it.
   * @defaultValue 1
   */
  d?: number;
  /**
   * The parameter is multiplied by `1 - lr * weightDecay` in each step.
   * @defaultValue 0
   */
  weightDecay?: number;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
  /**
   * Stored for PyTorch's state dicts; means nothing here.
   * @defaultValue null
   */
  foreach?: boolean | null;
}

export type AdafactorSettings = Required<AdafactorOptions>;

export type AdafactorNumbers = { step: number };

const square = squares("square");
const meanOfAll = squares("meanOfSquares", { op: "mean", dims: "all" });
const meanOfRows = squares("meanOfSquaresOfRows", { op: "mean", dims: [-1] });
const meanOfColumns = squares("meanOfSquaresOfColumns", { op: "mean", dims: [-2] });

const meanRow = defineFormula({
  name: "meanRow",
  inputs: ["rows"],
  value: ({ rows }) => rows,
  reduce: { op: "mean", dims: [-2] },
});

const average = byFlags((isNearEnd: boolean) =>
  defineFormula({
    name: "average",
    inputs: ["from", "to"],
    scalars: ["weight"],
    value: ({ from, to }, { weight }) => lerp(from, to, weight, isNearEnd),
  }),
);

/** The direction from rows and columns, whose product over the mean row stands for all squares. */
const factoredDirection = defineFormula({
  name: "factoredDirection",
  inputs: ["grad", "rows", "columns", "mean"],
  scalars: ["eps1"],
  value: ({ grad, rows, columns, mean }, { eps1 }) =>
    div(grad, sqrt(max(div(mul(rows, columns), max(mean, eps1)), mul(eps1, eps1)))),
});

const direction = defineFormula({
  name: "direction",
  inputs: ["grad", "variance"],
  scalars: ["eps1"],
  value: ({ grad, variance }, { eps1 }) => div(grad, sqrt(max(variance, mul(eps1, eps1)))),
});

/** How far the parameter moves: along the direction, brought down to the size `d`, in proportion to the parameter's size. */
const move = byFlags((maximize: boolean) =>
  defineFormula({
    name: "adafactorMove",
    inputs: ["direction", "directionSquare", "paramSquare"],
    scalars: ["relativeStep", "eps2", "d"],
    value: ({ direction, directionSquare, paramSquare }, { relativeStep, eps2, d }) => {
      const size = mul(max(eps2, sqrt(paramSquare)), relativeStep);
      const scale = div(size, max(f32(1), div(sqrt(directionSquare), d)));
      return mul(maximize ? neg(scale) : scale, direction);
    },
  }),
);

/**
 * Adafactor: averages of squares kept for the rows and the columns of a matrix instead of each element, and steps in proportion to the
 * parameter's size. Unlike PyTorch's, `eps1` left `null` is each parameter's own machine epsilon, even beside parameters of another
 * precision.
 *
 * With `β = stepᵝ²ᴰᵉᶜᵃʸ`: `R = R + β (mean of g² along rows - R)`, `C` likewise along columns, `v = R C / max(mean of R, eps1)`;
 * `u = g / √max(v, eps1²)`, `u = u / max(1, rms(u) / d)`,
 * `θ = θ (1 - lr * weightDecay) - max(eps2, rms(θ)) * min(lr, 1 / √step) * u`.
 * A parameter of fewer than two dimensions keeps `v` whole.
 *
 * State: `step`, and `row_var` (last size 1) and `col_var` (last but one size 1), or `variance`.
 *
 * @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, `beta2Decay` above 0 or `d` below 1
 * @throws {TypeError} if the host of a parameter lacks an operation that it needs
 * @example
 * const w = arrayParameter(Float64Array.of(1, 2, 3, 4), { shape: [2, 2] });
 * const optimizer = new Adafactor([w]);
 * w.grad = Float64Array.of(0.1, 0.2, 0.3, 0.4);
 * optimizer.step();
 * w.data.map((x) => Number(x.toFixed(8))); // => Float64Array [0.9787868, 1.97, 2.9715395, 3.97316718]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html}
 * @see {@link https://arxiv.org/abs/1804.04235 | Adafactor, Shazeer & Stern 2018}
 */
export class Adafactor extends Optimizer<AdafactorSettings, AdafactorNumbers> {
  constructor(
    params: ParamsInput<AdafactorSettings>,
    {
      lr = 1e-2,
      beta2Decay = -0.8,
      eps = [null, 1e-3],
      d = 1,
      weightDecay = 0,
      foreach = null,
      maximize = false,
      ...unknown
    }: AdafactorOptions = {},
  ) {
    super(params, { lr, beta2Decay, eps, d, weightDecay, foreach, maximize }, unknown);
  }

  protected checkOptions({ params = [], ...options }: AdafactorSettings & Partial<GroupExtras>): void {
    const { lr, beta2Decay, eps, d, weightDecay } = options;
    requireNonNegative("Adafactor", "lr", lr);
    if (!(beta2Decay <= 0)) throw new OptionError("Adafactor", "beta2Decay", "0 or less", beta2Decay);
    const isLeast = (value: unknown): boolean => typeof value === "number" && value >= 0;
    if (!(Array.isArray(eps) && eps.length === 2 && (eps[0] === null || isLeast(eps[0])) && isLeast(eps[1]))) {
      throw new OptionError("Adafactor", "eps", "[eps1, eps2], both 0 or more, or eps1 null", eps);
    }
    if (!(d >= 1)) throw new OptionError("Adafactor", "d", "1 or more", d);
    requireNonNegative("Adafactor", "weightDecay", weightDecay);
    requireOperations("Adafactor", params);
  }

  protected stateLayout(): StateLayout<AdafactorNumbers> {
    return { numbers: { step: 0 }, slots: ["row_var", "col_var", "variance"], shapeOf: slotShape };
  }

  protected updateGroup({ params, ...options }: ParamGroup<AdafactorSettings>): void {
    for (const parameter of params) {
      if (!hasGradient(parameter)) continue;
      const operations = operationsOf(parameter);
      operations.scope(() => updateParameter(parameter, operations, this.stateOf(parameter), options));
    }
  }
}

function slotShape(slot: string, { shape }: Parameter): readonly number[] {
  const ofSizeOne = slot === "row_var" ? shape.length - 1 : slot === "col_var" ? shape.length - 2 : undefined;
  return shape.map((size, d) => (d === ofSizeOne ? 1 : size));
}

function updateParameter(
  parameter: Parameter,
  operations: Operations,
  state: ParameterState<AdafactorNumbers>,
  { lr, beta2Decay, eps, d, weightDecay, maximize }: AdafactorSettings,
): void {
  const step = ++state.numbers.step;
  const weight = step ** beta2Decay;
  const [eps1, eps2] = eps;
  const least = [eps1 ?? operations.epsilon];
  const gradient = gradientOf(parameter);
  const averaged = (name: string, squares: Formula): unknown => {
    const slot = state.slot(name, () => parameter.zeros(slotShape(name, parameter)));
    const newest = operations.compute(squares, [gradient]);
    operations.assign(slot, operations.compute(average(weight >= 0.5), [slot, newest], [weight]));
    return slot;
  };
  const directionOf = (): unknown => {
    if (parameter.shape.length < 2) {
      return operations.compute(direction, [gradient, averaged("variance", square)], least);
    }
    const [rows, columns] = [averaged("row_var", meanOfRows), averaged("col_var", meanOfColumns)];
    const mean = operations.compute(meanRow, [rows]);
    return operations.compute(factoredDirection, [gradient, rows, columns, mean], least);
  };
  const along = directionOf();
  const sizes = [along, operations.value].map((each) => operations.compute(meanOfAll, [each]));
  const relativeStep = Math.min(lr, 1 / Math.sqrt(step));
  const moved = operations.compute(move(maximize), [along, ...sizes], [relativeStep, eps2, d]);
  parameter.update(moveRule, [moved], [1 - lr * weightDecay]);
}
