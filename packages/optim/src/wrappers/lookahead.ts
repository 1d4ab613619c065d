import type { Rule } from "@anneal/kernel";
import { andThen } from "../and-then.ts";
import { byFlags, defineRule } from "../define-rule.ts";
import { keepRule } from "../keep-rules.ts";
import { lerp } from "../lerp.ts";
import { requireCount, requireFraction } from "../option-error.ts";
import type { Parameter } from "../parameter.ts";
import {
  type InnerOptimizer,
  OptimizerWrapper,
  type WrappedGroup,
  type WrappedStateDict,
} from "./optimizer-wrapper.ts";
import { loadedSlots, requireStepBelow, savedSlots } from "./slots-by-number.ts";

export interface LookaheadOptions {
  /**
   * How many steps of the optimizer inside make one of the slow weights.
   * @defaultValue 5
   */
  k?: number;
  /**
   * How far the slow weights go towards the fast ones, from 0 to 1.
   * @defaultValue 0.5
   */
  alpha?: number;
}

export interface LookaheadStateDict<State> extends WrappedStateDict<State> {
  k: number;
  alpha: number;
  /** Steps since the slow weights moved. */
  step: number;
  /** The slow weights by the numbers of their parameters; none right after they moved. */
  slow: Record<string, unknown>;
}

/** The fast weights go back to the slow ones, which go part of the way to them. */
const syncRule: (...flags: boolean[]) => Rule = byFlags((isNearEnd: boolean) =>
  defineRule({
    name: "lookahead",
    state: ["kept"],
    scalars: ["alpha"],
    update: ({ param, kept }, { alpha }) => ({ param: lerp(kept, param, alpha, isNearEnd) }),
  }),
);

/**
 * Lookahead: k steps forward, 1 step back. The optimizer inside makes `k` steps from the slow weights `φ`; then `φ = φ + alpha (θ - φ)`, and it goes on
 * from there: `θ = φ`. What it remembers (momentum) goes on as it is.
 *
 * The slow weights are those that the parameters have at the first of each `k` steps, and after the last one: evaluate then.
 *
 * @throws {OptionError} if `k` is no whole number from 1, or `alpha` outside 0 to 1
 * @example
 * const w = arrayParameter(Float64Array.of(1));
 * const optimizer = new Lookahead(new SGD([w], { lr: 0.1 }), { k: 2, alpha: 0.5 });
 * for (let step = 0; step < 2; step++) {
 *   w.grad = Float64Array.of(1);
 *   optimizer.step();
 * }
 * w.data; // => Float64Array [0.9]
 * @see {@link https://arxiv.org/abs/1907.08610 | Lookahead optimizer: k steps forward, 1 step back, Zhang et al. 2019}
 */
export class Lookahead<State, Group extends WrappedGroup> extends OptimizerWrapper<State, Group> {
  k: number;
  alpha: number;
  #step = 0;
  #slow = new Map<Parameter, unknown>();

  constructor(optimizer: InnerOptimizer<State, Group>, { k = 5, alpha = 0.5, ...unknown }: LookaheadOptions = {}) {
    super(optimizer, ["k", "alpha"], unknown);
    checkOptions({ k, alpha });
    this.k = k;
    this.alpha = alpha;
  }

  /** Step the optimizer inside, and after each `k`th time the slow weights. */
  step(): void;
  /**
   * The same, after `closure` has computed the loss anew and its gradients.
   *
   * @returns what `closure` returns; where that is a promise, the step waits for it
   */
  step<Loss>(closure: () => Loss): Loss;
  step(closure?: () => unknown): unknown {
    if (this.#step === 0) {
      for (const parameter of this.params()) {
        const slot = this.#slow.get(parameter) ?? parameter.zeros();
        parameter.update(keepRule, [slot], []);
        this.#slow.set(parameter, slot);
      }
    }
    return andThen(closure ? this.optimizer.step(closure) : this.optimizer.step(), (loss) => {
      if (++this.#step >= this.k) this.#sync();
      return loss;
    });
  }

  /** Where it is, for another run: k, alpha, the slow weights, and what the optimizer inside saves. All of it is copied. */
  stateDict(): LookaheadStateDict<State> {
    const slow = this.#step === 0 ? {} : savedSlots(this.paramGroups, this.#slow);
    return { optimizer: this.optimizer.stateDict(), k: this.k, alpha: this.alpha, step: this.#step, slow };
  }

  /**
   * Take over a saved state.
   *
   * @throws {TypeError | RangeError | Error} if it does not fit; nothing has changed then
   */
  loadStateDict({ optimizer, k, alpha, step, slow }: LookaheadStateDict<State>): void {
    const where = "Lookahead.loadStateDict";
    checkOptions({ k, alpha });
    requireStepBelow(where, step, k);
    const slots = loadedSlots(this.paramGroups, slow, `${where}: slow`);
    this.optimizer.loadStateDict(optimizer);
    this.k = k;
    this.alpha = alpha;
    this.#step = step;
    this.#slow = slots;
  }

  #sync(): void {
    this.#step = 0;
    const rule = syncRule(this.alpha >= 0.5);
    // A parameter that was added since has no slow weights yet.
    for (const [parameter, slot] of this.#slow) parameter.update(rule, [slot], [this.alpha]);
  }
}

function checkOptions({ k, alpha }: Required<LookaheadOptions>): void {
  requireCount("Lookahead", "k", k);
  requireFraction("Lookahead", "alpha", alpha);
}
