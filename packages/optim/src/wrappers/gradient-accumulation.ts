import { expr, type Rule } from "@anneal/kernel";
import { andThen } from "../and-then.ts";
import { byFlags, defineRule } from "../define-rule.ts";
import { requireCount } from "../option-error.ts";
import { hasGradient, type Parameter } from "../parameter.ts";
import {
  type InnerOptimizer,
  OptimizerWrapper,
  type WrappedGroup,
  type WrappedStateDict,
} from "./optimizer-wrapper.ts";
import { loadedSlots, requireStepBelow, savedSlots } from "./slots-by-number.ts";

const { add, mul } = expr;

export interface GradientAccumulationOptions {
  /** How many backward passes make one step of the optimizer inside. */
  steps: number;
}

export interface GradientAccumulationStateDict<State> extends WrappedStateDict<State> {
  steps: number;
  /** Backward passes since the optimizer inside stepped. */
  step: number;
  /** The sums of their gradients, by the numbers of the parameters. */
  sums: Record<string, unknown>;
}

const addRule: (...flags: boolean[]) => Rule = byFlags((isFirst: boolean) =>
  defineRule({
    name: "accumulate",
    state: ["sum"],
    scalars: [],
    update: ({ grad, sum }) => ({ sum: isFirst ? grad : add(sum, grad) }),
  }),
);

const averageRule = defineRule({
  name: "average",
  state: ["sum"],
  scalars: ["part"],
  update: ({ sum }, { part }) => ({ sum: mul(sum, part) }),
});

/**
 * Gradient accumulation: one step of the optimizer inside for every `steps` calls of `step`, by the average of their gradients. A batch that does not
 * fit into memory is trained in `steps` pieces, with the same result where the loss is a mean over equal pieces.
 *
 * The loop stays as it is: a backward pass, `step()`, and `zeroGrad()` before or after. `step` takes the gradients over, and they are null after it; a
 * parameter that had none in some passes is averaged as if it had been 0. The optimizer inside sees the averages: clip them in its step pre-hook.
 *
 * `didStep` says whether the last call stepped the optimizer inside, for schedulers that count its steps. `flush()` steps by what there is, where a
 * last piece of an epoch is incomplete.
 *
 * @throws {OptionError} if `steps` is no whole number from 1
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new GradientAccumulation(new SGD([w], { lr: 0.1 }), { steps: 2 });
 * w.grad = Float64Array.of(1);
 * optimizer.step();
 * w.data; // => Float64Array [1]
 * w.grad = Float64Array.of(3);
 * optimizer.step(); // by 2, the average
 * w.data; // => Float64Array [0.8]
 */
export class GradientAccumulation<State, Group extends WrappedGroup> extends OptimizerWrapper<State, Group> {
  #steps: number;
  #step = 0;
  #didStep = false;
  #sums = new Map<Parameter, unknown>();

  constructor(optimizer: InnerOptimizer<State, Group>, { steps, ...unknown }: GradientAccumulationOptions) {
    super(optimizer, ["steps"], unknown);
    requireCount("GradientAccumulation", "steps", steps);
    this.#steps = steps;
  }

  /** How many backward passes make one step of the optimizer inside. */
  get steps(): number {
    return this.#steps;
  }

  /** Did the last call of `step` or `flush` step the optimizer inside? */
  get didStep(): boolean {
    return this.#didStep;
  }

  /** Take the gradients over, and step the optimizer inside if they complete an average. */
  step(): void;
  /**
   * The same, after `closure` has computed the loss anew and its gradients.
   *
   * @returns what `closure` returns; where that is a promise, the step waits for it
   */
  step<Loss>(closure: () => Loss): Loss;
  step(closure?: () => unknown): unknown {
    return andThen(closure?.(), (loss) => {
      for (const parameter of this.params()) {
        if (!hasGradient(parameter)) continue;
        const isFirst = !this.#sums.has(parameter);
        const slot = this.#sums.get(parameter) ?? parameter.zeros();
        this.#sums.set(parameter, slot);
        parameter.update(addRule(isFirst), [slot], []);
        parameter.grad = null;
      }
      this.#step++;
      this.#didStep = false;
      if (this.#step >= this.#steps) this.#stepInside();
      return loss;
    });
  }

  /** Step the optimizer inside by the average of the gradients there are, if there are any. */
  flush(): void {
    this.#didStep = false;
    if (this.#step > 0) this.#stepInside();
  }

  /** Where it is, for another run: the sums, how many passes are in them, and what the optimizer inside saves. All of it is copied. */
  stateDict(): GradientAccumulationStateDict<State> {
    const sums = savedSlots(this.paramGroups, this.#sums);
    return { optimizer: this.optimizer.stateDict(), steps: this.#steps, step: this.#step, sums };
  }

  /**
   * Take over a saved state.
   *
   * @throws {TypeError | RangeError | Error} if it does not fit; nothing has changed then
   */
  loadStateDict({ optimizer, steps, step, sums }: GradientAccumulationStateDict<State>): void {
    const where = "GradientAccumulation.loadStateDict";
    requireCount(where, "steps", steps);
    requireStepBelow(where, step, steps);
    const slots = loadedSlots(this.paramGroups, sums, `${where}: sums`);
    this.optimizer.loadStateDict(optimizer);
    this.#steps = steps;
    this.#step = step;
    this.#sums = slots;
  }

  #stepInside(): void {
    for (const [parameter, sum] of this.#sums) {
      parameter.update(averageRule, [sum], [1 / this.#step]);
      // The sum becomes the gradient: the next passes get a new one.
      parameter.grad = sum;
    }
    this.#sums = new Map();
    this.#step = 0;
    this.optimizer.step();
    this.zeroGrad();
    this.#didStep = true;
  }
}
