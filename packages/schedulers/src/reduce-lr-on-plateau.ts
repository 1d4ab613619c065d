import { completeOptions, type Rows, type Table } from "./complete-options.ts";
import { groupsOf } from "./groups-of.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { must, type Rule } from "./must.ts";
import { OptionError } from "./option-error.ts";
import { count, eachGroup, finite, finites, oneOf } from "./rules.ts";
import { loadState, saveState } from "./state.ts";
import { valuePerGroup } from "./value-per-group.ts";

interface PlateauFields {
  /**
   * Whether the metric is to fall or to rise.
   * @defaultValue "min"
   */
  mode?: "min" | "max";
  /**
   * What the rate is multiplied by, below 1.
   * @defaultValue 0.1
   */
  factor?: number;
  /**
   * Epochs without progress that are tolerated: the next one lowers the rate.
   * @defaultValue 10
   */
  patience?: number;
  /**
   * By how much a metric must beat the best to be progress.
   * @defaultValue 1e-4
   */
  threshold?: number;
  /**
   * Whether `threshold` is a part of the best metric's size, or a difference to it.
   * @defaultValue "rel"
   */
  thresholdMode?: "rel" | "abs";
  /**
   * Epochs after a reduction during which nothing is counted.
   * @defaultValue 0
   */
  cooldown?: number;
  /**
   * A change of the rate that is not more than this is not made.
   * @defaultValue 1e-8
   */
  eps?: number;
}

export interface ReduceLROnPlateauOptions extends PlateauFields {
  /**
   * The lowest rate, for all groups or a list with one for each.
   * @defaultValue 0
   */
  minLr?: number | readonly number[];
  /**
   * What a metric of NaN is: `"bad"`, an epoch without progress; `"skip"`, no epoch; `"throw"`, an error.
   * @defaultValue "bad"
   */
  nanPolicy?: "bad" | "skip" | "throw";
}

export interface ReduceLROnPlateauState {
  factor: number;
  default_min_lr: number | null;
  min_lrs: number[];
  patience: number;
  cooldown: number;
  eps: number;
  last_epoch: number;
  _last_lr: number[];
  mode_worse: number;
  mode: "min" | "max";
  threshold: number;
  threshold_mode: "rel" | "abs";
  best: number;
  cooldown_counter: number;
  num_bad_epochs: number;
}

const belowOne: Rule = (value) => !(typeof value === "number" && value < 1) && "a number below 1";
const counted: Rule = (value) => (typeof value !== "number" || Number.isNaN(value)) && "a number";

const table: Table<PlateauFields> = {
  mode: [(value) => oneOf(value, "min", "max"), "min"],
  factor: [belowOne, 0.1],
  patience: [count, 10],
  threshold: [finite, 1e-4],
  thresholdMode: [(value) => oneOf(value, "rel", "abs"), "rel"],
  cooldown: [count, 0],
  eps: [finite, 1e-8],
};

const savedRows = (): Rows => ({
  ...table,
  minLrs: [finites],
  lastEpoch: [finite],
  _lastLr: [finites],
  best: [counted],
  modeWorse: [counted],
  cooldownCounter: [count],
  numBadEpochs: [count],
});

/**
 * Lower the rate when a metric has stopped to improve; a relative threshold is right for negative metrics too.
 *
 * A metric is progress if it beats the best by `threshold`: by that part of the best's size (`"rel"`), or by that difference (`"abs"`). After
 * more than `patience` epochs in a row without progress, each group's rate becomes `max(lr * factor, minLr)`. (PyTorch takes a negative
 * metric for progress that is a little worse than the best.)
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
 * for (const loss of [1, 0.9, 0.9, 0.9]) scheduler.step(loss);
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html}
 */
export class ReduceLROnPlateau {
  readonly optimizer: HasParamGroups;
  declare mode: "min" | "max";
  declare factor: number;
  declare patience: number;
  declare threshold: number;
  declare thresholdMode: "rel" | "abs";
  declare cooldown: number;
  declare eps: number;
  declare nanPolicy: "bad" | "skip" | "throw";
  /** The lowest rate of each group. */
  minLrs: number[];
  /** The lowest rate of groups that come later, unless there was a list. */
  defaultMinLr: number | null;
  /** Epochs done. */
  lastEpoch = 0;
  /** The best metric so far. */
  best: number;
  /** Epochs of cooldown to go. */
  cooldownCounter = 0;
  /** Epochs in a row without progress. */
  numBadEpochs = 0;
  protected _lastLr: number[];

  constructor(optimizer: HasParamGroups, options: ReduceLROnPlateauOptions = {}) {
    const { minLr, ...fields } = completeOptions("ReduceLROnPlateau", options, {
      ...table,
      minLr: [eachGroup(finite), 0],
      nanPolicy: [(value) => oneOf(value, "bad", "skip", "throw"), "bad"],
    });
    Object.assign(this, fields);
    this.optimizer = optimizer;
    this.minLrs = valuePerGroup("ReduceLROnPlateau", "minLr", minLr, optimizer);
    this.defaultMinLr = typeof minLr === "number" ? minLr : null;
    this.best = this.modeWorse;
    this._lastLr = this.#lrs();
  }

  /** Whether the epochs since the last reduction are not counted yet. */
  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  protected get modeWorse(): number {
    return this.mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  // It follows from the mode.
  protected set modeWorse(_: number) {}

  /**
   * Take note of an epoch's metric, and lower the rates if there was no progress for too long. Call it after the validation of each epoch.
   *
   * @param epoch - the number of the epoch, instead of the next one; PyTorch deprecates it
   */
  step(metric: number, epoch: number = this.lastEpoch + 1): void {
    const unknown = Number.isNaN(metric);
    if (unknown && this.nanPolicy === "skip") return;
    const refused = typeof metric !== "number" || (unknown && this.nanPolicy === "throw");
    must("ReduceLROnPlateau", "metric", () => refused && "a number", metric);
    this.lastEpoch = epoch;
    this.numBadEpochs++;
    if (this.#isProgress(metric)) {
      this.best = metric;
      this.numBadEpochs = 0;
    }
    if (this.inCooldown) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this._lastLr = this.#lrs();
  }

  /** @throws {OptionError} always: the rate of an epoch follows from the metrics before it, so there is none without them */
  seek(_epoch: number): never {
    throw new OptionError("ReduceLROnPlateau: cannot seek, its rates follow from metrics. Load a saved state instead.");
  }

  /** The rates of the groups after the last step, or at construction. */
  getLastLr(): number[] {
    return [...this._lastLr];
  }

  /** Everything that continues the schedule elsewhere, as plain data under PyTorch's keys. */
  stateDict(): ReduceLROnPlateauState {
    const state: object = { default_min_lr: this.defaultMinLr, ...saveState(this, savedRows()) };
    return state as ReduceLROnPlateauState;
  }

  /**
   * Take over a saved state, from here or from PyTorch, `mode` and all other options included. What is missing stays as it is.
   *
   * @throws {OptionError} if a value is not what it must be; nothing has changed then
   */
  loadStateDict(state: Partial<ReduceLROnPlateauState>): void {
    loadState("ReduceLROnPlateau", this, savedRows(), state);
    if (state.default_min_lr !== undefined) this.defaultMinLr = state.default_min_lr;
  }

  #lrs(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  #isProgress(metric: number): boolean {
    const { best, threshold } = this;
    const sign = this.mode === "min" ? -1 : 1;
    // Relative to the size of the best: a multiple of a negative one would lie on the wrong side of it.
    const bar =
      this.thresholdMode === "abs" ? best + sign * threshold : best * (1 + sign * threshold * Math.sign(best));
    return sign * metric > sign * bar;
  }

  #reduce(): void {
    const groups = groupsOf("ReduceLROnPlateau", this.optimizer);
    if (this.minLrs.length !== groups.length) {
      this.minLrs = valuePerGroup("ReduceLROnPlateau", "minLrs", this.defaultMinLr ?? this.minLrs, this.optimizer);
    }
    groups.forEach((group, index) => {
      const lr = Math.max(group.lr * this.factor, this.minLrs[index] ?? 0);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }
}
