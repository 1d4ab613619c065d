import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { cosine, ramp } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { count, finite, fraction, positiveCount } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface WarmupCosineLROptions {
  /** Steps until the whole rate is reached. */
  warmupSteps: number;
  /** Steps until the lowest rate is reached, the warm-up included. */
  totalSteps: number;
  /**
   * Where the warm-up starts, from 0 (the lowest rate) to 1 (the whole rate).
   * @defaultValue 0
   */
  startFactor?: number;
  /**
   * The lowest rate.
   * @defaultValue 0
   */
  etaMin?: number;
}

const table: Table<WarmupCosineLROptions> = {
  warmupSteps: [count],
  totalSteps: [positiveCount],
  startFactor: [fraction, 0],
  etaMin: [finite, 0],
};

const factorAt = (step: number, { warmupSteps, totalSteps, startFactor }: Required<WarmupCosineLROptions>): number =>
  step < warmupSteps
    ? ramp(step, warmupSteps, startFactor)
    : cosine(ramp(step - warmupSteps, totalSteps - warmupSteps, 0));

/**
 * Up in a line, then down along half a wave of a cosine, and stay. Not in PyTorch.
 *
 * `etaMin + (lr - etaMin) * factor(step)`, where `factor` rises from `startFactor` to 1 at step `warmupSteps` and is
 * `(1 + cos(π * (step - warmupSteps) / (totalSteps - warmupSteps))) / 2` from there to step `totalSteps`, then 0
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const schedule = warmupCosineLR({ lr: 0.1, warmupSteps: 2, totalSteps: 6 });
 * [0, 1, 2, 4, 6, 7].map(schedule); // => [0, 0.05, 0.1, 0.05, 0, 0]
 * @see {@link https://arxiv.org/abs/1706.02677 | Accurate, large minibatch SGD, Goyal et al. 2017}, for the warm-up
 */
export function warmupCosineLR(options: ScheduleOptions<WarmupCosineLROptions>): Schedule {
  const fields = completeOptions("warmupCosineLR", options, { ...table, ...withLr });
  return (step) => fields.etaMin + (fields.lr - fields.etaMin) * factorAt(step, fields);
}

export interface WarmupCosineLRState extends LRSchedulerState {
  warmup_steps: number;
  total_steps: number;
  start_factor: number;
  eta_min: number;
}

/**
 * Up in a line, then down along half a wave of a cosine, and stay, whatever else changes the rate in between. Not in PyTorch.
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new WarmupCosineLR(optimizer, { warmupSteps: 2, totalSteps: 6 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://arxiv.org/abs/1706.02677 | Accurate, large minibatch SGD, Goyal et al. 2017}, for the warm-up
 */
export class WarmupCosineLR extends LRScheduler<WarmupCosineLROptions, WarmupCosineLRState> {
  declare warmupSteps: number;
  declare totalSteps: number;
  declare startFactor: number;
  declare etaMin: number;

  constructor(optimizer: HasParamGroups, options: WarmupCosineLROptions & LRSchedulerOptions) {
    super("WarmupCosineLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this), this.etaMin);
  }

  protected lrAt(base: number, epoch: number): number {
    return this.etaMin + (base - this.etaMin) * factorAt(epoch, this);
  }
}
