import { completeOptions, type Table, withLr } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { finite } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface ExponentialLROptions {
  /** What the rate is multiplied by at each step. */
  gamma: number;
}

const table: Table<ExponentialLROptions> = { gamma: [finite] };

/**
 * Decay by `gamma` at each step.
 *
 * `lr * gamma ** step`
 *
 * @throws {OptionError} if `gamma` is not a number
 * @example
 * const schedule = exponentialLR({ lr: 0.1, gamma: 0.5 });
 * schedule(3); // => 0.0125
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html}
 */
export function exponentialLR(options: ScheduleOptions<ExponentialLROptions>): Schedule {
  const { lr, gamma } = completeOptions("exponentialLR", options, { ...table, ...withLr });
  return (step) => lr * gamma ** step;
}

export interface ExponentialLRState extends LRSchedulerState {
  gamma: number;
}

/**
 * Decay each group's rate by `gamma` at each epoch, whatever else changes it in between.
 *
 * @throws {OptionError} if `gamma` is not a number
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new ExponentialLR(optimizer, { gamma: 0.5 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html}
 */
export class ExponentialLR extends LRScheduler<ExponentialLROptions, ExponentialLRState> {
  declare gamma: number;

  constructor(optimizer: HasParamGroups, options: ExponentialLROptions & LRSchedulerOptions) {
    super("ExponentialLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number): number {
    return epoch > 0 ? lr * this.gamma : lr;
  }

  protected lrAt(base: number, epoch: number): number {
    return base * this.gamma ** epoch;
  }
}
