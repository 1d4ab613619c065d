import type { StateLayout } from "../load-state.ts";
import { requireOperations } from "../operations.ts";
import { type Evaluation, Optimizer } from "../optimizer.ts";
import { OptionError, requireCount, requireNonNegative } from "../option-error.ts";
import type { GroupExtras, ParamGroup, ParamsInput } from "../param-groups.ts";
import type { ParameterState } from "../parameter-state.ts";
import { CurvatureHistory } from "./curvature-history.ts";
import { FlatSpace, type Vector } from "./flat-space.ts";
import { Objective } from "./objective.ts";
import { dot, largestSize, sumOfSizes } from "./vector-formulas.ts";

export interface LBFGSOptions {
  /**
   * How far to go along each direction; with a line search, where it starts to look.
   * @defaultValue 1
   */
  lr?: number;
  /**
   * The most iterations in one step.
   * @defaultValue 20
   */
  maxIter?: number;
  /**
   * The most evaluations of the closure in one step. `null` is five for every four of `maxIter`.
   * @defaultValue null
   */
  maxEval?: number | null;
  /**
   * A step ends where no element of the gradient is larger.
   * @defaultValue 1e-7
   */
  toleranceGrad?: number;
  /**
   * A step ends where the loss, or every parameter, changes by no more.
   * @defaultValue 1e-9
   */
  toleranceChange?: number;
  /**
   * How many of the last moves are remembered, each in two vectors.
   * @defaultValue 100
   */
  historySize?: number;
  /**
   * How far to go: always `lr` (null), or as far as the strong Wolfe conditions ask for.
   * @defaultValue null
   */
  lineSearchFn?: "strong_wolfe" | null;
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
}

export type LBFGSSettings = Required<LBFGSOptions> & { maxEval: number };

/** NaN stands for what is not there yet. */
export type LBFGSNumbers = { func_evals: number; n_iter: number; t: number; prev_loss: number };

const order = [
  "func_evals",
  "n_iter",
  "d",
  "t",
  "old_dirs",
  "old_stps",
  "ro",
  "H_diag",
  "al",
  "prev_flat_grad",
  "prev_loss",
];

const scalars: ReadonlySet<string> = new Set(["ro", "H_diag", "al"]);

/**
 * L-BFGS: steps along quasi-Newton directions, whose curvature comes from the last moves. One `step` makes up to `maxIter` iterations and calls
 * the closure as often as it needs, so it always returns a promise:
 *
 * `const loss = await optimizer.step(() => { optimizer.zeroGrad(); …; loss.backward(); return loss; })`
 *
 * The closure computes the loss and its gradients anew, on the whole problem: gradients of another batch each time would spoil the curvature. It
 * returns a number, or a tensor of one element, or a promise of one of them. `step` resolves to what the first call of the closure returned.
 *
 * All parameters are one group, and on one host.
 *
 * State, under the first parameter: `func_evals`, `n_iter`, `d`, `t`, `old_dirs`, `old_stps`, `ro`, `H_diag`, `al`, `prev_flat_grad`, `prev_loss`.
 * Vectors are over all parameters, one after the other; `al` is scratch memory of PyTorch, and holds nothing.
 *
 * @throws {OptionError} if an option is negative, `maxIter` or `historySize` not whole, or `lineSearchFn` unknown
 * @throws {RangeError} if there is more than one parameter group
 * @throws {TypeError} if the host of a parameter lacks an operation that it needs
 * @example
 * const w = arrayParameter(Float64Array.of(-1.2, 1));
 * const optimizer = new LBFGS([w], { lineSearchFn: "strong_wolfe", maxIter: 100 });
 * await optimizer.step(() => {
 *   const [x = 0, y = 0] = w.data; // Rosenbrock's valley, whose minimum is at (1, 1)
 *   w.grad = Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x));
 *   return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
 * });
 * w.data.map((x) => Number(x.toFixed(4))); // => Float64Array [1, 1]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html}
 * @see {@link https://doi.org/10.1007/BF01589116 | On the limited memory BFGS method, Liu & Nocedal 1989}
 */
export class LBFGS extends Optimizer<LBFGSSettings, LBFGSNumbers, true> {
  #knownSpace: FlatSpace | undefined;
  #isStepping = false;

  constructor(
    params: ParamsInput<LBFGSSettings>,
    {
      lr = 1,
      maxIter = 20,
      maxEval = null,
      toleranceGrad = 1e-7,
      toleranceChange = 1e-9,
      historySize = 100,
      lineSearchFn = null,
      maximize = false,
      ...unknown
    }: LBFGSOptions = {},
  ) {
    const evaluations = maxEval ?? Math.floor((maxIter * 5) / 4);
    const tolerances = { toleranceGrad, toleranceChange };
    super(params, { lr, maxIter, maxEval: evaluations, ...tolerances, historySize, lineSearchFn, maximize }, unknown);
  }

  protected checkOptions({ params = [], ...options }: LBFGSSettings & Partial<GroupExtras>): void {
    requireNonNegative("LBFGS", "lr", options.lr);
    for (const name of ["maxIter", "maxEval", "historySize"] as const) requireCount("LBFGS", name, options[name]);
    requireNonNegative("LBFGS", "toleranceGrad", options.toleranceGrad);
    requireNonNegative("LBFGS", "toleranceChange", options.toleranceChange);
    if (options.lineSearchFn !== null && options.lineSearchFn !== "strong_wolfe") {
      throw new OptionError("LBFGS", "lineSearchFn", 'null or "strong_wolfe"', options.lineSearchFn);
    }
    if (this.paramGroups.length > 0) {
      throw new RangeError(
        "LBFGS: doesn't support per-parameter options (parameter groups): it sees all parameters as one point. Put them into one list.",
      );
    }
    requireOperations("LBFGS", params);
  }

  protected stateLayout(): StateLayout<LBFGSNumbers> {
    return {
      numbers: { func_evals: 0, n_iter: 0, t: Number.NaN, prev_loss: Number.NaN },
      slots: ["d", "H_diag", "prev_flat_grad"],
      lists: ["old_dirs", "old_stps", "ro", "al"],
      shapeOf: (slot) => (scalars.has(slot) ? [] : [this.#space?.size ?? 0]),
      order,
    };
  }

  protected async updateGroup(
    { params, ...options }: ParamGroup<LBFGSSettings>,
    evaluation: Evaluation,
  ): Promise<void> {
    const { closure } = evaluation;
    if (!closure) {
      throw new TypeError(
        "LBFGS.step: needs a closure that computes the loss and its gradients: " +
          "await optimizer.step(() => { optimizer.zeroGrad(); const loss = ...; loss.backward(); return loss; }).",
      );
    }
    if (this.#isStepping) {
      throw new Error("LBFGS.step: the step before has not ended. Await each: await optimizer.step(closure).");
    }
    const [first] = params;
    const space = this.#space;
    if (!first || !space) return;
    this.#isStepping = true;
    try {
      await iterate(space, this.stateOf(first), options, { loss: evaluation.loss, closure });
    } finally {
      this.#isStepping = false;
    }
  }

  get #space(): FlatSpace | undefined {
    const [first, ...others] = this.paramGroups[0]?.params ?? [];
    if (first) this.#knownSpace ??= new FlatSpace([first, ...others]);
    return this.#knownSpace;
  }
}

/** One step, from where the closure returned `loss`. */
async function iterate(
  space: FlatSpace,
  state: ParameterState<LBFGSNumbers>,
  options: LBFGSSettings,
  { loss, closure }: { loss: unknown; closure: () => unknown },
): Promise<void> {
  const { numbers } = state;
  const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = options;
  const objective = new Objective(space, closure, options);
  const largestIn = async (vector: Vector): Promise<number> => {
    const { largest } = await space.read(() => ({ largest: space.compute(largestSize, [vector]) }));
    return largest;
  };

  let point = await objective.pointOf(loss);
  let isSolved = (await largestIn(point.gradient)) <= toleranceGrad;
  for (let iteration = 1; iteration <= maxIter && !isSolved; iteration++) {
    const history = new CurvatureHistory(space, state);
    const before = state.slot("prev_flat_grad", () => space.take());
    const isFirst = ++numbers.n_iter === 1;
    if (isFirst) history.clear();
    else await history.add(before, point.gradient, numbers.t, historySize);
    history.findDirection(point.gradient);
    space.assign(before, point.gradient);
    numbers.prev_loss = point.f;

    const { direction } = history;
    const { slope, sum, largest } = await space.read(() => ({
      slope: space.compute(dot, [point.gradient, direction]),
      sum: space.compute(sumOfSizes, [point.gradient]),
      largest: space.compute(largestSize, [direction]),
    }));
    numbers.t = isFirst ? Math.min(1, 1 / sum) * lr : lr;
    if (slope > -toleranceChange) break;
    if (lineSearchFn !== null) {
      const maxTries = maxEval - objective.evaluations;
      const found = await objective.search(point, direction, {
        t: numbers.t,
        slope,
        largest,
        toleranceChange,
        maxTries,
      });
      numbers.t = found.t;
      point = found;
    } else if (iteration < maxIter) point = await objective.step(point, direction, numbers.t);
    // Nobody would look at the loss there.
    else space.moveAlong(direction, numbers.t);
    isSolved = (await largestIn(point.gradient)) <= toleranceGrad;
    const isStill = Math.abs(numbers.t) * largest <= toleranceChange;
    const isLevel = Math.abs(point.f - numbers.prev_loss) < toleranceChange;
    if (objective.evaluations >= maxEval || isStill || isLevel) break;
  }
  space.giveBack(point.gradient);
  numbers.func_evals += objective.evaluations;
}
