import type { HasParamGroups } from "./has-param-groups.ts";
import { OptionError } from "./option-error.ts";
import { stepStatus, trackStep } from "./track-step.ts";

export interface LRSchedulerOptions {
  /**
   * The last epoch already done, when a run goes on; -1 starts a new one.
   * @defaultValue -1
   */
  lastEpoch?: number;
}

/** What every scheduler saves, under PyTorch's keys. */
export interface LRSchedulerState {
  /** The rate of each group before any schedule. */
  base_lrs: number[];
  /** Epochs done; 0 right after construction. */
  last_epoch: number;
  /** Calls of `step`, the one made by the constructor included. */
  _step_count: number;
  _is_initial: boolean;
  _get_lr_called_within_step: boolean;
  /** What `getLastLr` returns. */
  _last_lr: number[];
}

/**
 * The contract of every learning-rate scheduler: `torch.optim.lr_scheduler.LRScheduler`.
 *
 * Construction remembers each group's rate as `initialLr` (unless an earlier scheduler already did) and makes the first step, so that the
 * groups hold the rate of epoch 0 at once. After that, `optimizer.step()` comes first, `scheduler.step()` second. Schedulers chain: each
 * multiplies what it finds in the group, so several on one optimizer multiply their effects.
 *
 * Restoring: build the optimizer, build the scheduler (which writes `lr`), `scheduler.loadStateDict`, and `optimizer.loadStateDict` last.
 *
 * A scheduler of your own extends this class, computes the next rates in `nextLrs`, and calls `initialStep()` at the end of its constructor.
 *
 * @throws {TypeError} if `optimizer` has no `paramGroups`
 * @throws {OptionError} if `lastEpoch` is not a whole number from -1 up
 * @throws {Error} if `lastEpoch` is 0 or more and a group has no `initialLr`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html}
 */
export abstract class LRScheduler {
  readonly optimizer: HasParamGroups;
  /** The rate of each group before any schedule. */
  baseLrs: number[];
  /** Epochs done; 0 right after construction. */
  lastEpoch: number;
  /** Calls of `step`, the one made by the constructor included. */
  protected stepCount = -1;
  /** True during the step that the constructor makes. */
  protected isInitial = false;
  #withinStep = false;
  #lastLrs: number[] = [];
  readonly #warned = new Set<string>();

  constructor(optimizer: HasParamGroups, { lastEpoch = -1 }: LRSchedulerOptions = {}) {
    const name = new.target.name;
    if (!Array.isArray(optimizer?.paramGroups)) {
      throw new TypeError(
        `${name}: the optimizer needs paramGroups, a list of groups with an lr. Pass an optimizer, or { paramGroups: [{ lr: 0.1 }] }.`,
      );
    }
    if (!Number.isInteger(lastEpoch) || lastEpoch < -1) {
      throw new OptionError(name, "lastEpoch", "a whole number of epochs from -1 up", lastEpoch);
    }
    optimizer.paramGroups.forEach((group, index) => {
      if (typeof group.lr !== "number") {
        throw new TypeError(`${name}: paramGroups[${index}].lr must be a number, got ${String(group.lr)}.`);
      }
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) {
        throw new Error(
          `${name}: paramGroups[${index}] has no initialLr, which resuming with lastEpoch ${lastEpoch} needs. ` +
            "Load the optimizer's saved state first, or leave lastEpoch out to start a new run.",
        );
      }
    });
    this.optimizer = optimizer;
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr ?? group.lr);
    this.lastEpoch = lastEpoch;
    trackStep(optimizer);
  }

  /** The rate of each group at `lastEpoch`, from the rates in the groups now: what `step()` writes. */
  protected abstract nextLrs(): number[];

  /** The rate of each group at `lastEpoch`, from `baseLrs` alone: what `step(epoch)` writes, where a schedule has such a form. */
  closedFormLrs?(): number[];

  /** Everything that continues the schedule elsewhere, as plain data under PyTorch's keys. The optimizer's own rate is not part of it. */
  abstract stateDict(): LRSchedulerState;

  /** Take over a saved state. Keys that are missing keep their value. Does not touch the optimizer's rate: load the optimizer's state for that. */
  abstract loadStateDict(state: Partial<LRSchedulerState>): void;

  /** Make the step that puts the groups at epoch 0. Every constructor ends with it. */
  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /**
   * Advance one epoch and write the groups' rates. Call it after `optimizer.step()`.
   *
   * @param epoch - deprecated, as in PyTorch: jump to this epoch, by the closed form where there is one
   */
  step(epoch?: number): void {
    if (this.stepCount < 0) {
      throw new Error(`${this.constructor.name}: not initialised. End its constructor with this.initialStep().`);
    }
    if (this.stepCount === 1) this.#warnAboutOrder();
    this.stepCount += 1;
    if (epoch !== undefined) {
      this.#warnOnce(
        `${this.constructor.name}: step(epoch) is deprecated. Call step() once for each epoch, or ask the schedule's function for any step.`,
      );
    }
    this.updateLr(epoch);
  }

  /** Write the rates of the next epoch, or of `epoch`, without counting a step. What composite schedulers build on. */
  updateLr(epoch?: number): void {
    const groups = this.optimizer.paramGroups;
    let lrs: number[];
    this.#withinStep = true;
    try {
      this.lastEpoch = epoch ?? this.lastEpoch + 1;
      lrs = epoch !== undefined && this.closedFormLrs ? this.closedFormLrs() : this.getLr();
    } finally {
      this.#withinStep = false;
    }
    if (lrs.length !== groups.length) {
      throw new Error(
        `${this.constructor.name}: made for ${lrs.length} param groups, but the optimizer has ${groups.length} now. ` +
          "Add groups before building the scheduler.",
      );
    }
    groups.forEach((group, index) => {
      group.lr = lrs[index] ?? group.lr;
    });
    this.#lastLrs = groups.map((group) => group.lr);
  }

  /** The rates this scheduler wrote last, one for each group. */
  getLastLr(): number[] {
    return [...this.#lastLrs];
  }

  /** The rates of the step in progress. Outside a step this is not the rate in use, and warns: `getLastLr()` is. */
  getLr(): number[] {
    if (!this.#withinStep) {
      this.#warnOnce(
        `${this.constructor.name}: getLr() is for use inside step(). The rates computed last are in getLastLr().`,
      );
    }
    return this.nextLrs();
  }

  /** The part of the state that all schedulers share. */
  protected commonState(): LRSchedulerState {
    return {
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.stepCount,
      _is_initial: this.isInitial,
      _get_lr_called_within_step: this.#withinStep,
      _last_lr: [...this.#lastLrs],
    };
  }

  /** Read the shared part; nothing is written unless all of it is sound. Leaves read their own keys first. */
  protected loadCommonState(state: Partial<LRSchedulerState>): void {
    const baseLrs = this.saved(state, "base_lrs", this.baseLrs);
    const lastEpoch = this.saved(state, "last_epoch", this.lastEpoch);
    const stepCount = this.saved(state, "_step_count", this.stepCount);
    this.#lastLrs = this.saved(state, "_last_lr", this.#lastLrs);
    this.baseLrs = baseLrs;
    this.lastEpoch = lastEpoch;
    this.stepCount = stepCount;
  }

  /** A key of a saved state: a number or a list of numbers, as `current` is, which also stands in where the key is missing. */
  protected saved<T extends number | number[]>(state: object, key: string, current: T): T {
    const value: unknown = Object.hasOwn(state, key) ? Reflect.get(state, key) : undefined;
    if (value === undefined) return current;
    const expected = Array.isArray(current) ? "a list of numbers" : "a number";
    const fits = Array.isArray(current)
      ? Array.isArray(value) && value.every((item) => typeof item === "number")
      : typeof value === "number";
    if (!fits) {
      throw new TypeError(
        `${this.constructor.name}.loadStateDict: ${key} must be ${expected}, got ${JSON.stringify(value)}.`,
      );
    }
    return (Array.isArray(value) ? [...value] : value) as T;
  }

  #warnAboutOrder(): void {
    const status = stepStatus(this.optimizer);
    if (status === "replaced") {
      this.#warnOnce(
        `${this.constructor.name}: optimizer.step was replaced after the scheduler was built, so the order of calls cannot be checked. ` +
          "Make sure that optimizer.step() comes before scheduler.step().",
      );
    } else if (status === "never called") {
      this.#warnOnce(
        `${this.constructor.name}: scheduler.step() was called before optimizer.step(), which skips the first rate of the schedule. ` +
          "Call optimizer.step() first.",
      );
    }
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    console.warn(message);
  }
}
