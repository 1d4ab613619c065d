import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { count, fraction } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface ConstantLROptions {
  /**
   * What the rate is multiplied by at first, from 0 to 1.
   * @defaultValue 1 / 3
   */
  factor?: number;
  /**
   * Steps until the rate is whole again; 0 never lowers it.
   * @defaultValue 5
   */
  totalIters?: number;
}

// A third, divided beforehand: where something is computed, bundlers keep a table that nobody reads.
const table: Table<ConstantLROptions> = { factor: [fraction, 0.3333333333333333], totalIters: [count, 5] };

const factorAt = (step: number, { factor, totalIters }: Required<ConstantLROptions>): number =>
  step < totalIters ? factor : 1;

/**
 * A lower rate for the first steps.
 *
 * `lr * (step < totalIters ? factor : 1)`
 *
 * @throws {OptionError} if `factor` is not from 0 to 1, or `totalIters` not a whole number from 0 up
 * @example
 * const schedule = constantLR({ lr: 0.1, factor: 0.5, totalIters: 4 });
 * [0, 3, 4].map(schedule); // => [0.05, 0.05, 0.1]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html}
 */
export function constantLR(options: ScheduleOptions<ConstantLROptions>): Schedule {
  const fields = completeOptions("constantLR", options, { ...table, ...withLr });
  return (step) => fields.lr * factorAt(step, fields);
}

export interface ConstantLRState extends LRSchedulerState {
  factor: number;
  total_iters: number;
}

/**
 * A lower rate for the first epochs, whatever else changes it in between; a `factor` or `totalIters` of 0 works too.
 *
 * PyTorch divides by a `factor` of 0 when it ends, and with `total_iters` 0 never ends it.
 *
 * @throws {OptionError} if `factor` is not from 0 to 1, or `totalIters` not a whole number from 0 up
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new ConstantLR(optimizer, { factor: 0.5, totalIters: 1 });
 * scheduler.getLastLr(); // => [0.05]
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.1]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html}
 */
export class ConstantLR extends LRScheduler<ConstantLROptions, ConstantLRState> {
  declare factor: number;
  declare totalIters: number;

  constructor(optimizer: HasParamGroups, options: ConstantLROptions & LRSchedulerOptions = {}) {
    super("ConstantLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this));
  }

  protected lrAt(base: number, epoch: number): number {
    return base * factorAt(epoch, this);
  }
}
