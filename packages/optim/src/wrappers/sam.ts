import { expr } from "@anneal/kernel";
import { andThen, isPromise } from "../and-then.ts";
import { defineFormula } from "../define-formula.ts";
import { byFlags, defineRule } from "../define-rule.ts";
import { restoreRule } from "../keep-rules.ts";
import { type Operations, operationsOf, requireOperations } from "../operations.ts";
import { requireNonNegative } from "../option-error.ts";
import { gradientOf, hasGradient, type Parameter } from "../parameter.ts";
import { refuseRowGradients } from "../row-gradient.ts";
import {
  type InnerOptimizer,
  OptimizerWrapper,
  type WrappedGroup,
  type WrappedStateDict,
} from "./optimizer-wrapper.ts";

const { add, div, f32, mul, sqrt } = expr;

export interface SAMOptions {
  /**
   * How far the parameters are moved uphill, as the norm over all of them.
   * @defaultValue 0.05
   */
  rho?: number;
  /**
   * Move each element in proportion to its square (ASAM), so that scaling a layer's weights changes nothing.
   * @defaultValue false
   */
  adaptive?: boolean;
}

export interface SAMStateDict<State> extends WrappedStateDict<State> {
  rho: number;
  adaptive: boolean;
}

/** Added to the norm, so that one of 0 does not divide. */
const leastNorm = 1e-12;

const squares = byFlags((adaptive: boolean) =>
  defineFormula({
    name: "samSquares",
    inputs: ["grad", "param"],
    value: ({ grad, param }) => {
      const scaled = adaptive ? mul(param, grad) : grad;
      return mul(scaled, scaled);
    },
    reduce: { op: "sum", dims: "all" },
  }),
);

const sum = defineFormula({ name: "sum", inputs: ["x", "y"], value: ({ x, y }) => add(x, y) });

const ascent = byFlags((adaptive: boolean) =>
  defineFormula({
    name: "samAscent",
    inputs: ["grad", "param", "squares"],
    scalars: ["rho"],
    value: ({ grad, param, squares }, { rho }) => {
      const scale = div(rho, add(sqrt(squares), f32(leastNorm)));
      return mul(adaptive ? mul(mul(param, param), grad) : grad, scale);
    },
  }),
);

const climbRule = defineRule({
  name: "samClimb",
  state: ["kept", "ascent"],
  scalars: [],
  update: ({ param, ascent }) => ({ kept: param, param: add(param, ascent) }),
});

/**
 * Sharpness-aware minimization: steps by the gradient at the worst point nearby, so that training ends in flat minima.
 *
 * `ε = rho * g / ‖g‖` over all parameters (adaptive: `rho * θ² g / ‖θ g‖`); the optimizer inside steps from θ by the gradient at `θ + ε`.
 *
 * Each step needs two gradients. `step(closure)` calls the closure twice; where a second pass should differ (batch-norm statistics, for example) give
 * it a closure of its own. By hand: a backward pass, `firstStep()`, another backward pass, `secondStep()`.
 *
 * @throws {OptionError} if `rho` is negative
 * @throws {TypeError} if the host of a parameter lacks an operation that it needs
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new SAM(new SGD([w], { lr: 0.1 }), { rho: 0.5 });
 * optimizer.step(() => {
 *   w.grad = w.data.map((x) => 2 * x); // of x²: 2 at 1, 3 at 1 + 0.5
 *   return (w.data[0] ?? 0) ** 2;
 * }); // => 1
 * w.data.map((x) => Number(x.toFixed(9))); // => Float64Array [0.7]
 * @see {@link https://arxiv.org/abs/2010.01412 | Sharpness-aware minimization, Foret et al. 2021}
 * @see {@link https://arxiv.org/abs/2102.11600 | ASAM, Kwon et al. 2021}
 */
export class SAM<State, Group extends WrappedGroup> extends OptimizerWrapper<State, Group> {
  rho: number;
  adaptive: boolean;
  /** Where the parameters were before they were moved uphill. Kept from step to step, for their memory. */
  readonly #kept = new Map<Parameter, unknown>();
  /** Those that are uphill now. */
  #climbed: Parameter[] | undefined;

  constructor(optimizer: InnerOptimizer<State, Group>, { rho = 0.05, adaptive = false, ...unknown }: SAMOptions = {}) {
    super(optimizer, ["rho", "adaptive"], unknown);
    requireNonNegative("SAM", "rho", rho);
    requireOperations("SAM", [...this.params()]);
    this.rho = rho;
    this.adaptive = adaptive;
  }

  /**
   * Call `closure`, which computes the loss anew and its gradients; move uphill; call `perturbed` there; move back and step.
   *
   * @param perturbed - computes the gradients the second time (default: `closure`)
   * @returns what `closure` returns the first time; where a closure returns a promise, the step waits for it
   */
  step<Loss>(closure: () => Loss, perturbed?: () => unknown): Loss;
  /** @throws {TypeError} always: without a closure, step by hand with `firstStep` and `secondStep` */
  step(): void;
  step(closure?: () => unknown, perturbed = closure): unknown {
    if (!closure || !perturbed) {
      throw new TypeError(
        "SAM.step: needs a closure that computes the loss and its gradients, to call it twice: optimizer.step(() => { ...; return loss; }). " +
          "By hand: backward, firstStep(), backward, secondStep().",
      );
    }
    return andThen(closure(), (loss) => {
      this.firstStep();
      return andThen(this.#orRestore(perturbed), () => {
        this.secondStep();
        return loss;
      });
    });
  }

  /** Move uphill along the gradients, and forget them. */
  firstStep(): void {
    if (this.#climbed) {
      throw new Error("SAM.firstStep: called twice in a row. After the second backward pass call secondStep().");
    }
    const params = [...this.params()].filter(hasGradient);
    refuseRowGradients("SAM", params, "and SAM moves all rows.");
    const [first] = params;
    if (first) operationsOf(first).scope(() => this.#climb(params, operationsOf(first)));
    this.#climbed = params;
    this.zeroGrad();
  }

  /** Move back, and step by the gradients found uphill. */
  secondStep(): void {
    if (!this.#climbed) {
      throw new Error("SAM.secondStep: comes after firstStep() and a second backward pass.");
    }
    this.#restore();
    this.optimizer.step();
  }

  /** What another run needs: rho, adaptive, and what the optimizer inside saves. All of it is copied. */
  stateDict(): SAMStateDict<State> {
    return { optimizer: this.optimizer.stateDict(), rho: this.rho, adaptive: this.adaptive };
  }

  /**
   * Take over a saved state.
   *
   * @throws {TypeError | RangeError | Error} if it does not fit; nothing has changed then
   */
  loadStateDict({ optimizer, rho, adaptive }: SAMStateDict<State>): void {
    requireNonNegative("SAM.loadStateDict", "rho", rho);
    this.optimizer.loadStateDict(optimizer);
    this.rho = rho;
    this.adaptive = adaptive;
  }

  #climb(params: readonly Parameter[], operations: Operations): void {
    const inputsOf = (parameter: Parameter) => [gradientOf(parameter), operationsOf(parameter).value];
    const total = params
      .map((parameter) => operationsOf(parameter).compute(squares(this.adaptive), inputsOf(parameter)))
      .reduce((x, y) => operations.compute(sum, [x, y]));
    for (const parameter of params) {
      const kept = this.#kept.get(parameter) ?? parameter.zeros();
      this.#kept.set(parameter, kept);
      const way = operationsOf(parameter).compute(ascent(this.adaptive), [...inputsOf(parameter), total], [this.rho]);
      parameter.update(climbRule, [kept, way], []);
    }
  }

  #restore(): void {
    for (const parameter of this.#climbed ?? []) parameter.update(restoreRule, [this.#kept.get(parameter)], []);
    this.#climbed = undefined;
  }

  /** Call `closure`; where it fails, move back. */
  #orRestore(closure: () => unknown): unknown {
    const fail = (error: unknown): never => {
      this.#restore();
      throw error;
    };
    try {
      const result = closure();
      return isPromise(result) ? result.then(undefined, fail) : result;
    } catch (error) {
      return fail(error);
    }
  }
}
