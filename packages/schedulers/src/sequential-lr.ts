import { loadChildren, optimizerOf } from "./children.ts";
import { completeOptions, type Rows } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { type LRSchedulerOptions, withLastEpoch } from "./lr-scheduler.ts";
import { activeAt, risingFor } from "./milestones.ts";
import { must } from "./must.ts";
import { anything, finites, lastEpochs, list, nonNegative } from "./rules.ts";
import type { Scheduler } from "./scheduler.ts";
import { loadState, saveState } from "./state.ts";

export interface SequentialLROptions {
  /** One after the other. */
  schedulers: readonly Scheduler[];
  /** The epochs at which the next one takes over, rising: one fewer than there are schedulers. */
  milestones: readonly number[];
}

export interface SequentialLRState {
  _milestones: number[];
  last_epoch: number;
  _last_lr: number[];
  /** The states of the schedulers. */
  _schedulers: object[];
}

// The schedulers first: their states may turn out not to fit.
const saved: Rows = {
  _schedulers: [list],
  _milestones: [finites],
  lastEpoch: [lastEpochs],
  _lastLr: [finites],
};

/**
 * One scheduler after the other, each from its own epoch 0 on and from the first rate; others made of several may be among them, anywhere.
 *
 * With `lastEpoch`, it goes on at the epoch after. PyTorch's cannot resume so, starts a SequentialLR inside it one epoch late, fails at a
 * milestone where a scheduler made of several begins, and takes milestones in any order and one scheduler twice.
 *
 * @throws {OptionError} if `schedulers` is empty, has one twice, or one of another optimizer, or a ReduceLROnPlateau, which needs a metric to
 * step; if `milestones` are not rising epochs, one fewer than there are schedulers
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const warmup = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const decay = new ExponentialLR(optimizer, { gamma: 0.9 });
 * const scheduler = new SequentialLR(optimizer, { schedulers: [warmup, decay], milestones: [2] });
 * const rates = [0, 1, 2, 3].map((epoch) => scheduler.lrsAt(epoch)[0]);
 * rates; // => [0.05, 0.075, 0.1, 0.09]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html}
 */
export class SequentialLR implements Scheduler {
  readonly optimizer: HasParamGroups;
  lastEpoch = -1;
  readonly #children: readonly Scheduler[];
  protected _milestones: readonly number[];
  protected _lastLr: number[] = [];

  constructor(optimizer: HasParamGroups, options: SequentialLROptions & LRSchedulerOptions) {
    const { schedulers, milestones, lastEpoch } = completeOptions("SequentialLR", options, {
      schedulers: [list],
      milestones: [anything],
      ...withLastEpoch,
    });
    this.optimizer = optimizerOf("SequentialLR", schedulers, optimizer);
    must("SequentialLR", "milestones", risingFor(schedulers.length), milestones);
    this.#children = [...schedulers];
    this._milestones = [...milestones];
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    if (lastEpoch < 0) this.initialStep();
    else this.seek(lastEpoch + 1);
  }

  initialStep(): void {
    for (const child of this.#children) child.lastEpoch = -1;
    this.#move(0, (child) => child.initialStep());
  }

  step(): void {
    this.#move(this.lastEpoch + 1, (child, epoch) => (epoch > 0 ? child.step() : child.seek(0)));
  }

  seek(epoch: number): void {
    must("SequentialLR", "epoch", nonNegative, epoch);
    // Where each would be by now: at its own last epoch, at this one, or before its first.
    this.#children.forEach((child, index) => {
      const [start = 0, end = Number.POSITIVE_INFINITY] = [this._milestones[index - 1], this._milestones[index]];
      child.lastEpoch = Math.max(-1, Math.min(epoch, end - 1) - start);
    });
    this.#move(epoch, (child, own) => child.seek(own));
  }

  lrsAt(epoch: number): number[] {
    const [child, own] = this.#active(epoch);
    return child.lrsAt(own);
  }

  nextLrs(lrs: readonly number[], epoch: number): number[] {
    const [child, own] = this.#active(epoch);
    return own === 0 && epoch > 0 ? child.lrsAt(0) : child.nextLrs(lrs, own);
  }

  getLastLr(): number[] {
    return [...this._lastLr];
  }

  stateDict(): SequentialLRState {
    const state: object = saveState(this, saved);
    return state as SequentialLRState;
  }

  /** @throws {OptionError} if a value is not what it must be, or there are not as many schedulers; nothing has changed then */
  loadStateDict(state: Partial<SequentialLRState>): void {
    loadState("SequentialLR", this, saved, state);
  }

  protected get _schedulers(): object[] {
    return this.#children.map((child) => child.stateDict());
  }

  protected set _schedulers(states: readonly object[]) {
    loadChildren("SequentialLR", this.#children, states);
  }

  /** The scheduler of an epoch, and which of its own epochs that is. */
  #active(epoch: number): [child: Scheduler, epoch: number] {
    const [index, own] = activeAt(this._milestones, epoch);
    return [this.#children[index] as Scheduler, own];
  }

  #move(epoch: number, act: (child: Scheduler, epoch: number) => void): void {
    const [child, own] = this.#active(epoch);
    act(child, own);
    this.lastEpoch = epoch;
    this._lastLr = child.getLastLr();
  }
}
