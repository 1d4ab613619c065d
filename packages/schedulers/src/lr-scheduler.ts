import { completeOptions, type Rows, type Table } from "./complete-options.ts";
import { groupsOf } from "./groups-of.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { must } from "./must.ts";
import { finite, finites, lastEpochs, nonNegative } from "./rules.ts";
import type { Scheduler } from "./scheduler.ts";
import { loadState, saveState } from "./state.ts";
import { missesStep, trackStep } from "./track-step.ts";

export interface LRSchedulerOptions {
  /**
   * The last epoch already done, when a run goes on, in which the groups have their `initialLr`; -1 starts a new one.
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
  /** PyTorch's; false in every saved state. */
  _is_initial: boolean;
  /** PyTorch's; false in every saved state. */
  _get_lr_called_within_step: boolean;
  /** What `getLastLr` returns. */
  _last_lr: number[];
}

/** The row of the option that every class has. */
export const withLastEpoch: Table<LRSchedulerOptions> = { lastEpoch: [lastEpochs, -1] };

/**
 * The contract of every learning-rate scheduler: `torch.optim.lr_scheduler.LRScheduler`, which here resumes at any epoch and can `seek`.
 *
 * Construction remembers each group's rate as `initialLr` (unless an earlier scheduler already did) and makes the first step, so that the
 * groups hold the rate of epoch 0 at once. After that, `optimizer.step()` comes first, `scheduler.step()` second. Schedulers chain: each
 * multiplies what it finds in the group, so several on one optimizer multiply their effects; those that say so overwrite it instead.
 *
 * To restore a run, build the optimizer, build the scheduler (which writes `lr`), `scheduler.loadStateDict`, and `optimizer.loadStateDict`
 * last. Or load the optimizer first and build the scheduler with `lastEpoch`, one less than the `lastEpoch` it had: it leaves the rate of a
 * group alone then. (PyTorch's StepLR, MultiStepLR and ConstantLR apply their factor once more if that falls on a boundary.)
 *
 * A scheduler of your own says in a table what it takes, gives the rate of any epoch in `lrAt`, and ends its constructor with
 * `this.initialStep()`. Give it `nextLr` too if it is to chain.
 *
 * @throws {OptionError} if an option is not what it must be, is unknown, or a group has no `lr` (or no `initialLr`, if `lastEpoch` is not -1)
 * @example
 * import type { HasParamGroups, LRSchedulerOptions } from "@anneal/schedulers";
 *
 * class Halving extends LRScheduler {
 *   constructor(optimizer: HasParamGroups, options: LRSchedulerOptions = {}) {
 *     super("Halving", optimizer, options, {});
 *     this.initialStep();
 *   }
 *   protected lrAt(base: number, epoch: number): number {
 *     return base * 0.5 ** epoch;
 *   }
 * }
 * const scheduler = new Halving({ paramGroups: [{ lr: 0.1 }] });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html}
 */
export abstract class LRScheduler<Options extends object = object, State extends LRSchedulerState = LRSchedulerState>
  implements Scheduler
{
  declare readonly optimizer: HasParamGroups;
  /** The rate of each group before any schedule. */
  declare baseLrs: number[];
  declare lastEpoch: number;
  /** Steps made, the one of the constructor included. During a step: those before it. */
  declare protected _stepCount: number;
  declare protected _lastLr: number[];
  readonly #name: string;
  readonly #saved: Rows;

  /**
   * @param name - of the class, for errors: minifiers change `constructor.name`
   * @param table - every option but `lastEpoch`; each becomes a field of the same name
   * @param saved - the fields that state dicts have, unless they are just the options; their keys are the names in snake case
   */
  constructor(
    name: string,
    optimizer: HasParamGroups,
    options: Options & LRSchedulerOptions,
    table: Table<Options>,
    saved: Rows = table,
  ) {
    Object.assign(this, completeOptions<object>(name, options, { ...withLastEpoch, ...table }));
    this.#name = name;
    this.#saved = {
      ...withLastEpoch,
      baseLrs: [finites],
      _stepCount: [finite],
      _lastLr: [finites],
      ...saved,
    };
    this.optimizer = optimizer;
    const key = this.lastEpoch < 0 ? "lr" : "initialLr";
    this.baseLrs = groupsOf(name, optimizer).map((group, index) => {
      must(name, `paramGroups[${index}].${key}`, finite, group[key]);
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
    trackStep(optimizer);
  }

  /** The rate of a group at any epoch, from its rate before any schedule: the closed form. */
  protected abstract lrAt(base: number, epoch: number, index: number): number;

  /** The rate of a group at `epoch` from the rate `lr` it has: the chainable form. Without it, the closed form overwrites what is there. */
  protected nextLr?(lr: number, epoch: number, index: number): number;

  /** Called after the groups got the rates of `lastEpoch`, for schedules that write more than rates. */
  protected written?(): void;

  initialStep(): void {
    this._stepCount = 0;
    this.#advance();
  }

  /**
   * Advance one epoch and write the groups' rates. Call it after `optimizer.step()`.
   *
   * @param epoch - go there instead, as `seek` does; PyTorch deprecates it
   */
  step(epoch?: number): void {
    if (this._stepCount === 1 && missesStep(this.optimizer)) {
      console.warn(`${this.#name}: call optimizer.step() before scheduler.step().`);
    }
    if (epoch === undefined) this.#advance();
    else this.seek(epoch);
  }

  seek(epoch: number): void {
    const lrs = this.lrsAt(must(this.#name, "epoch", nonNegative, epoch));
    this.#write(epoch, lrs, Math.floor(epoch) + 1);
  }

  lrsAt(epoch: number): number[] {
    return this.baseLrs.map((base, index) => this.lrAt(base, epoch, index));
  }

  nextLrs(lrs: readonly number[], epoch: number): number[] {
    return this.nextLr ? lrs.map((lr, index) => this.nextLr?.(lr, epoch, index) ?? lr) : this.lrsAt(epoch);
  }

  getLastLr(): number[] {
    return [...this._lastLr];
  }

  stateDict(): State {
    const state: object = { _is_initial: false, _get_lr_called_within_step: false, ...saveState(this, this.#saved) };
    return state as State;
  }

  /**
   * Take over a saved state, from here or from PyTorch. A key that is missing leaves its field as it is. Does not touch the optimizer's
   * rate: load the optimizer's state for that, and load it last.
   *
   * @throws {OptionError} if a value is not what it must be; nothing has changed then
   */
  loadStateDict(state: Partial<State>): void {
    loadState(this.#name, this, this.#saved, state);
  }

  #advance(): void {
    const epoch = this.lastEpoch + 1;
    const lrs = this.optimizer.paramGroups.map(({ lr }) => lr);
    // A run that goes on has the rates of the coming epoch already.
    const resumes = this._stepCount === 0 && epoch > 0;
    this.#write(epoch, resumes && this.nextLr ? lrs : this.nextLrs(lrs, epoch), this._stepCount + 1);
  }

  #write(epoch: number, lrs: number[], stepCount: number): void {
    this.optimizer.paramGroups.forEach((group, index) => {
      const lr = lrs[index] ?? Number.NaN;
      if (!Number.isFinite(lr)) {
        const where = `${this.#name}, built for ${this.baseLrs.length} groups`;
        must(where, `the next paramGroups[${index}].lr`, finite, lr);
      }
      group.lr = lr;
    });
    this.lastEpoch = epoch;
    this._stepCount = stepCount;
    this._lastLr = lrs;
    this.written?.();
  }
}
