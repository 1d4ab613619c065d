import {
  completeOptions,
  type HasParamGroups,
  LRScheduler,
  type LRSchedulerOptions,
  type LRSchedulerState,
  type Rule,
  type Schedule,
  type ScheduledGroup,
  type Table,
} from "@anneal/schedulers";

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

const isEpochs: Rule = (value) =>
  !(Number.isInteger(value) && Number(value) >= 0) && "a whole number of epochs from 0 up";
const isStrategy: Rule = (value) =>
  !(typeof value === "string" && Object.hasOwn(curves, value)) && "one of cos and linear";
const isRate: Rule = (value) => !Number.isFinite(value) && "a number";

const annealing: Table<AnnealingOptions> = { annealEpochs: [isEpochs, 10], annealStrategy: [isStrategy, "cos"] };

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
export function swaLR(options: SWALRScheduleOptions): Schedule {
  const fields = completeOptions("swaLR", options, { ...annealing, lr: [isRate], swaLr: [isRate] });
  return (step) => annealedAt(step, fields.lr, fields.swaLr, fields);
}

function annealedAt(step: number, lr: number, swaLr: number, fields: Required<AnnealingOptions>): number {
  const done = progress(Math.max(firstStep(fields), step), fields);
  return swaLr * done + lr * (1 - done);
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
export class SWALR extends LRScheduler<AnnealingOptions, SWALRState> {
  declare annealEpochs: number;
  declare annealStrategy: AnnealStrategy;

  constructor(optimizer: HasParamGroups, options: SWALROptions & LRSchedulerOptions) {
    const isRates: Rule = (value) => {
      const rates = optimizer.paramGroups.map((_, index) => (Array.isArray(value) ? value[index] : value));
      const fits = rates.every(Number.isFinite) && !(Array.isArray(value) && value.length !== rates.length);
      return !fits && `a number, or ${rates.length}, one for each group`;
    };
    const { swaLr, ...rest } = completeOptions("SWALR", options, {
      swaLr: [isRates],
      ...annealing,
      lastEpoch: [isRate, -1],
    });
    super("SWALR", optimizer, rest, annealing, { annealEpochs: [isEpochs], _annealStrategy: [isStrategy] });
    const groups: readonly SwaGroup[] = optimizer.paramGroups;
    groups.forEach((group, index) => {
      group.swaLr = (typeof swaLr === "number" ? swaLr : swaLr[index]) ?? group.lr;
      // Without time to anneal, a run that goes on is there at once too.
      if (this.annealEpochs === 0) group.lr = group.swaLr;
    });
    this.initialStep();
  }

  /** PyTorch's name for it in state dicts. */
  protected get _annealStrategy(): AnnealStrategy {
    return this.annealStrategy;
  }

  protected set _annealStrategy(saved: AnnealStrategy) {
    this.annealStrategy = saved;
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    const swaLr = this.#swaLr(index) ?? lr;
    const step = Math.max(firstStep(this), this._stepCount - 1 + epoch - this.lastEpoch);
    const [before, now] = [progress(step - 1, this), progress(step, this)];
    // Where it began, from where it is: another scheduler may have changed it on the way.
    const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
    return swaLr * now + start * (1 - now);
  }

  protected lrAt(base: number, epoch: number, index: number): number {
    return annealedAt(epoch, base, this.#swaLr(index) ?? base, this);
  }

  #swaLr(index: number): number | undefined {
    const group: SwaGroup | undefined = this.optimizer.paramGroups[index];
    return group?.swaLr;
  }
}
