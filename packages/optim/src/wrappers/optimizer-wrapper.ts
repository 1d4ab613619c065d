import type { GroupExtras } from "../param-groups.ts";
import type { Parameter } from "../parameter.ts";
import { refuseUnknownOptions } from "../unknown-option.ts";

/** A group as a wrapper sees it: schedulers write its rate, the wrapper looks at its parameters. */
export type WrappedGroup = GroupExtras & { lr: number };

/** What a wrapper needs of the optimizer inside: one of ours whose step returns at once, another wrapper, or your own. */
export interface InnerOptimizer<State, Group extends WrappedGroup = WrappedGroup> {
  readonly paramGroups: readonly Group[];
  step(): void;
  step<Loss>(closure: () => Loss): Loss;
  zeroGrad(options?: { setToNone?: boolean }): void;
  stateDict(): State;
  loadStateDict(stateDict: State): void;
}

/** What every wrapper's state dict has: what the optimizer inside saves. */
export interface WrappedStateDict<State> {
  optimizer: State;
}

/**
 * An optimizer around another one. It has that one's groups, so schedulers take it in its place, and it can be wrapped itself. Hooks are
 * registered on the optimizer inside, and run when that one steps.
 *
 * @throws {TypeError} if `optimizer` is none, or an option does not exist
 */
export abstract class OptimizerWrapper<State, Group extends WrappedGroup> implements InnerOptimizer<unknown, Group> {
  /** The optimizer inside. */
  readonly optimizer: InnerOptimizer<State, Group>;

  /**
   * @param optimizer - the optimizer inside
   * @param options - the names of the wrapper's options
   * @param unknown - what else the caller gave: there should be nothing in it
   */
  constructor(optimizer: InnerOptimizer<State, Group>, options: readonly string[], unknown: object) {
    refuseUnknownOptions(new.target.name, Object.keys(unknown), options);
    if (!Array.isArray(optimizer?.paramGroups) || typeof optimizer.step !== "function") {
      throw new TypeError(
        `${new.target.name}: the first argument must be an optimizer, with paramGroups and step: new ${new.target.name}(new AdamW(params)).`,
      );
    }
    this.optimizer = optimizer;
  }

  /** The groups of the optimizer inside: change an option and the next step uses it. */
  get paramGroups(): readonly Group[] {
    return this.optimizer.paramGroups;
  }

  /** Forget the gradients, as the optimizer inside does. */
  zeroGrad(options?: { setToNone?: boolean }): void {
    this.optimizer.zeroGrad(options);
  }

  abstract step(): void;
  abstract step<Loss>(closure: () => Loss): Loss;

  abstract stateDict(): WrappedStateDict<State>;

  abstract loadStateDict(stateDict: WrappedStateDict<State>): void;

  /** All parameters, each once. */
  protected params(): Set<Parameter> {
    return new Set(this.paramGroups.flatMap(({ params }) => params));
  }
}
