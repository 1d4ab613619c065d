import {
  type HasParamGroups,
  LRScheduler,
  type LRSchedulerOptions,
  type LRSchedulerState,
  OptionError,
  type Schedule,
  type ScheduledGroup,
} from "@anneal/schedulers";
import { checkOptionNames } from "./check-options.ts";

export type AnnealStrategy = "cos" | "linear";

export interface AnnealingOptions {
  /**
   * Steps from the first rate to the last; 0 jumps there at once.
   * @defaultValue 10
   */
  annealEpochs?: number;
  /**
   * Along half a wave of the cosine, or a straight line.
   * @defaultValue "cos"
   */
  annealStrategy?: AnnealStrategy;
}

export interface SWALROptions extends AnnealingOptions {
  /** The last rate, for all groups or one for each. */
  swaLr: number | readonly number[];
}

export interface SWALRScheduleOptions extends AnnealingOptions {
  /** The rate at step 0. */
  lr: number;
  /** The last rate. */
  swaLr: number;
}

/** How far the rate has come, 0 to 1, after a part of the time, 0 to 1. */
const curves: Readonly<Record<AnnealStrategy, (part: number) => number>> = {
  cos: (part) => (1 - Math.cos(Math.PI * part)) / 2,
  linear: (part) => part,
};

function progress(step: number, { annealEpochs, annealStrategy }: Required<AnnealingOptions>): number {
  return curves[annealStrategy](Math.max(0, Math.min(1, step / Math.max(1, annealEpochs))));
}

/** Without time to anneal, even step 0 comes after it. */
const firstStep = ({ annealEpochs }: Required<AnnealingOptions>): number => (annealEpochs === 0 ? 1 : 0);

/**
 * From `lr` to `swaLr` in `annealEpochs` steps, then constant.
 *
 * `swaLr * a + lr * (1 - a)` with `a = (1 - cos(π * t)) / 2` or `t`, where `t = min(1, step / annealEpochs)`.
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const schedule = swaLR({ lr: 0.5, swaLr: 0.1, annealEpochs: 4, annealStrategy: "linear" });
 * schedule(2); // => 0.3
 */
export function swaLR({ lr, swaLr, annealEpochs = 10, annealStrategy = "cos" }: SWALRScheduleOptions): Schedule {
  const annealing = { annealEpochs, annealStrategy };
  checkAnnealing("swaLR", annealing);
  return (step) => {
    const done = progress(Math.max(firstStep(annealing), step), annealing);
    return swaLr * done + lr * (1 - done);
  };
}

export interface SWALRState extends LRSchedulerState {
  anneal_epochs: number;
  _anneal_strategy: AnnealStrategy;
}

/** `swaLr` is written by SWALR, and saved as `swa_lr`. */
type SwaGroup = ScheduledGroup & { swaLr?: number };

/**
 * Anneal each group's rate from what it is to `swaLr`, counting its own steps: it may begin in the middle of a run, after another scheduler.
 *
 * @throws {OptionError} if an option is not what it must be
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html | torch.optim.swa_utils.SWALR}
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.5 }] };
 * const scheduler = new SWALR(optimizer, { swaLr: 0.1, annealEpochs: 2, annealStrategy: "linear" });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.3]
 */
export class SWALR extends LRScheduler {
  annealEpochs: number;
  annealStrategy: AnnealStrategy;

  constructor(optimizer: HasParamGroups, options: SWALROptions & LRSchedulerOptions) {
    checkOptionNames("SWALR", options, ["swaLr", "annealEpochs", "annealStrategy", "lastEpoch"]);
    const { swaLr, annealEpochs = 10, annealStrategy = "cos", ...base } = options;
    checkAnnealing("SWALR", { annealEpochs, annealStrategy });
    super(optimizer, base);
    const groups: readonly SwaGroup[] = optimizer.paramGroups;
    const rates = typeof swaLr === "number" ? groups.map(() => swaLr) : swaLr;
    if (!Array.isArray(rates) || rates.length !== groups.length || !rates.every(Number.isFinite)) {
      throw new OptionError("SWALR", "swaLr", `a number, or ${groups.length}, one for each group`, swaLr);
    }
    groups.forEach((group, i) => {
      group.swaLr = rates[i] ?? group.lr;
    });
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.initialStep();
  }

  protected nextLrs(): number[] {
    const step = Math.max(firstStep(this), this.stepCount - 1);
    const [before, now] = [progress(step - 1, this), progress(step, this)];
    const groups: readonly SwaGroup[] = this.optimizer.paramGroups;
    return groups.map(({ lr, swaLr = lr }) => {
      // Where it began, from where it is: another scheduler may have changed it on the way.
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + start * (1 - now);
    });
  }

  stateDict(): SWALRState {
    return { anneal_epochs: this.annealEpochs, _anneal_strategy: this.annealStrategy, ...this.commonState() };
  }

  loadStateDict(state: Partial<SWALRState>): void {
    const annealEpochs = this.saved(state, "anneal_epochs", this.annealEpochs);
    const annealStrategy = state._anneal_strategy ?? this.annealStrategy;
    checkAnnealing("SWALR.loadStateDict", { annealEpochs, annealStrategy });
    this.loadCommonState(state);
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
  }
}

function checkAnnealing(where: string, { annealEpochs, annealStrategy }: Required<AnnealingOptions>): void {
  if (!Number.isInteger(annealEpochs) || annealEpochs < 0) {
    throw new OptionError(where, "annealEpochs", "a whole number of epochs from 0 up", annealEpochs);
  }
  if (!Object.hasOwn(curves, annealStrategy)) {
    throw new OptionError(where, "annealStrategy", 'one of "cos" and "linear"', annealStrategy);
  }
}
