import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { cosine } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { finite, positiveCount } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface CosineAnnealingWarmRestartsOptions {
  /** Steps until the first restart. */
  t0: number;
  /**
   * How many times longer each cycle is than the one before.
   * @defaultValue 1
   */
  tMult?: number;
  /**
   * The lowest rate.
   * @defaultValue 0
   */
  etaMin?: number;
}

const table: Table<CosineAnnealingWarmRestartsOptions> = {
  t0: [positiveCount],
  tMult: [positiveCount, 1],
  etaMin: [finite, 0],
};

interface Cycle {
  /** Steps since the last restart. */
  readonly tCur: number;
  /** Steps from it to the next. */
  readonly tI: number;
}

function cycleAt(step: number, { t0, tMult }: CosineAnnealingWarmRestartsOptions & { tMult: number }): Cycle {
  if (tMult === 1) return { tCur: step % t0, tI: t0 };
  let [tCur, tI] = [step, t0];
  for (; tCur >= tI; tI *= tMult) tCur -= tI;
  return { tCur, tI };
}

function lrAt(lr: number, step: number, fields: Required<CosineAnnealingWarmRestartsOptions>): number {
  const { tCur, tI } = cycleAt(step, fields);
  return fields.etaMin + (lr - fields.etaMin) * cosine(tCur / tI);
}

/**
 * Cosine annealing with warm restarts, each cycle `tMult` times as long as the one before.
 *
 * `etaMin + (lr - etaMin) * (1 + cos(π * tCur / tI)) / 2`, where `tCur` steps of the `tI` of the current cycle are done
 *
 * @throws {OptionError} if `t0` or `tMult` is not a whole number above 0
 * @example
 * const schedule = cosineAnnealingWarmRestarts({ lr: 0.1, t0: 2, tMult: 2 });
 * [0, 1, 2, 4, 6].map(schedule); // => [0.1, 0.05, 0.1, 0.05, 0.1]
 * @see {@link https://arxiv.org/abs/1608.03983 | SGDR, Loshchilov & Hutter 2017}
 */
export function cosineAnnealingWarmRestarts(options: ScheduleOptions<CosineAnnealingWarmRestartsOptions>): Schedule {
  const fields = completeOptions("cosineAnnealingWarmRestarts", options, { ...table, ...withLr });
  return (step) => lrAt(fields.lr, step, fields);
}

export interface CosineAnnealingWarmRestartsState extends LRSchedulerState {
  T_0: number;
  /** Epochs of the current cycle. */
  T_i: number;
  T_mult: number;
  eta_min: number;
  /** Epochs since the last restart. */
  T_cur: number;
}

/**
 * Cosine annealing with warm restarts, also by fractions of an epoch; overwrites what other schedulers did.
 *
 * `seek(epoch + batch / batches)` sets the rate of a batch. Resumed with `lastEpoch` it knows the restarts before, counts its steps and minds
 * the order of calls as the other schedulers do; PyTorch's does none of this.
 *
 * @throws {OptionError} if `t0` or `tMult` is not a whole number above 0
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new CosineAnnealingWarmRestarts(optimizer, { t0: 2 });
 * scheduler.seek(2.5);
 * scheduler.getLastLr(); // => [0.08535533905932738]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html}
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<
  CosineAnnealingWarmRestartsOptions,
  CosineAnnealingWarmRestartsState
> {
  declare t0: number;
  declare tMult: number;
  declare etaMin: number;

  constructor(optimizer: HasParamGroups, options: CosineAnnealingWarmRestartsOptions & LRSchedulerOptions) {
    super("CosineAnnealingWarmRestarts", optimizer, options, table, { ...table, tI: [finite], tCur: [finite] });
    this.initialStep();
  }

  /** Epochs since the last restart. */
  get tCur(): number {
    return cycleAt(this.lastEpoch, this).tCur;
  }

  // PyTorch saves whole epochs, and their fraction only here.
  protected set tCur(saved: number) {
    this.lastEpoch = Math.floor(this.lastEpoch) + (saved % 1);
  }

  /** Epochs of the current cycle. */
  get tI(): number {
    return cycleAt(this.lastEpoch, this).tI;
  }

  // It follows from the epoch.
  protected set tI(_: number) {}

  protected lrAt(base: number, epoch: number): number {
    return lrAt(base, epoch, this);
  }
}
