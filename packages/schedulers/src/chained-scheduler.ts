import { loadChildren, optimizerOf } from "./children.ts";
import { completeOptions, type Rows } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { anything, finites, list } from "./rules.ts";
import type { Scheduler } from "./scheduler.ts";
import { loadState, saveState } from "./state.ts";

export interface ChainedSchedulerOptions {
  /** The optimizer of all of them. That of the first, if left out. */
  optimizer?: HasParamGroups | undefined;
}

export interface ChainedSchedulerState {
  _last_lr: number[];
  /** The states of the schedulers. */
  _schedulers: object[];
}

const saved: Rows = { _schedulers: [list], _lastLr: [finites] };

/**
 * Several schedulers at once: each step steps all of them, in their order, so that their effects multiply. May be part of a SequentialLR.
 *
 * Order matters where one of them overwrites what is there (LambdaLR, CyclicLR, OneCycleLR, CosineAnnealingWarmRestarts): put it first.
 * `seek` and `lrsAt` go through all epochs up to the one asked for.
 *
 * @throws {OptionError} if `schedulers` is empty, has one twice, or one of another optimizer, or a ReduceLROnPlateau, which needs a metric to
 * step
 * @example
 * const optimizer = { paramGroups: [{ lr: 1 }] };
 * const warmup = new ConstantLR(optimizer, { factor: 0.1, totalIters: 1 });
 * const scheduler = new ChainedScheduler([warmup, new ExponentialLR(optimizer, { gamma: 0.5 })]);
 * scheduler.getLastLr(); // => [0.1]
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.5]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html}
 */
export class ChainedScheduler implements Scheduler {
  readonly optimizer: HasParamGroups;
  readonly #children: readonly Scheduler[];
  protected _lastLr: number[];

  constructor(schedulers: readonly Scheduler[], options: ChainedSchedulerOptions = {}) {
    const { optimizer } = completeOptions("ChainedScheduler", options, { optimizer: [anything, undefined] });
    this.optimizer = optimizerOf("ChainedScheduler", schedulers, optimizer);
    this.#children = [...schedulers];
    this._lastLr = this.#lrs();
  }

  /** Epochs done, by the first of them. */
  get lastEpoch(): number {
    return this.#children[0]?.lastEpoch ?? -1;
  }

  set lastEpoch(epoch: number) {
    for (const child of this.#children) child.lastEpoch = epoch;
  }

  initialStep(): void {
    for (const child of this.#children) {
      child.lastEpoch = -1;
      child.initialStep();
    }
    this._lastLr = this.#lrs();
  }

  step(): void {
    for (const child of this.#children) child.step();
    this._lastLr = this.#lrs();
  }

  seek(epoch: number): void {
    for (const child of this.#children) child.seek(epoch);
    this._lastLr = this.lrsAt(epoch);
    this.optimizer.paramGroups.forEach((group, index) => {
      group.lr = this._lastLr[index] ?? group.lr;
    });
  }

  lrsAt(epoch: number): number[] {
    let lrs = this.optimizer.paramGroups.map(({ lr, initialLr = lr }) => initialLr);
    for (let each = 0; each <= epoch; each++) lrs = this.nextLrs(lrs, each);
    return lrs;
  }

  nextLrs(lrs: readonly number[], epoch: number): number[] {
    return this.#children.reduce((next, child) => child.nextLrs(next, epoch), [...lrs]);
  }

  getLastLr(): number[] {
    return [...this._lastLr];
  }

  stateDict(): ChainedSchedulerState {
    const state: object = saveState(this, saved);
    return state as ChainedSchedulerState;
  }

  /** @throws {OptionError} if a value is not what it must be, or there are not as many schedulers; nothing has changed then */
  loadStateDict(state: Partial<ChainedSchedulerState>): void {
    loadState("ChainedScheduler", this, saved, state);
  }

  protected get _schedulers(): object[] {
    return this.#children.map((child) => child.stateDict());
  }

  protected set _schedulers(states: readonly object[]) {
    loadChildren("ChainedScheduler", this.#children, states);
  }

  #lrs(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }
}
