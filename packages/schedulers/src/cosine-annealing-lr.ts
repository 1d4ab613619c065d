import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { cosine } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { finite, positiveCount } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface CosineAnnealingLROptions {
  /** Half period, in steps: the rate reaches `etaMin` at step `tMax`. */
  tMax: number;
  /**
   * The lowest rate.
   * @defaultValue 0
   */
  etaMin?: number;
}

const table: Table<CosineAnnealingLROptions> = { tMax: [positiveCount], etaMin: [finite, 0] };

/**
 * Cosine annealing without restarts.
 *
 * `etaMin + (lr - etaMin) * (1 + cos(π * step / tMax)) / 2`
 *
 * After `tMax` the curve rises again, as `torch.optim.lr_scheduler.CosineAnnealingLR` does.
 *
 * @throws {OptionError} if `tMax` is not a whole number above 0
 * @example
 * const schedule = cosineAnnealingLR({ lr: 0.1, tMax: 100 });
 * schedule(50); // => 0.05
 * @see {@link https://arxiv.org/abs/1608.03983 | SGDR, Loshchilov & Hutter 2017}
 */
export function cosineAnnealingLR(options: ScheduleOptions<CosineAnnealingLROptions>): Schedule {
  const { lr, tMax, etaMin } = completeOptions("cosineAnnealingLR", options, { ...table, ...withLr });
  return (step) => etaMin + (lr - etaMin) * cosine(step / tMax);
}

export interface CosineAnnealingLRState extends LRSchedulerState {
  T_max: number;
  eta_min: number;
}

/**
 * Cosine annealing without restarts, whatever else changes the rate in between.
 *
 * @throws {OptionError} if `tMax` is not a whole number above 0
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new CosineAnnealingLR(optimizer, { tMax: 2 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html}
 */
export class CosineAnnealingLR extends LRScheduler<CosineAnnealingLROptions, CosineAnnealingLRState> {
  declare tMax: number;
  declare etaMin: number;

  constructor(optimizer: HasParamGroups, options: CosineAnnealingLROptions & LRSchedulerOptions) {
    super("CosineAnnealingLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => cosine(step / this.tMax), this.etaMin);
  }

  protected lrAt(base: number, epoch: number): number {
    return this.etaMin + (base - this.etaMin) * cosine(epoch / this.tMax);
  }
}
