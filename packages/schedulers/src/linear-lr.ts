import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { ramp } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import type { Rule } from "./must.ts";
import { count, fraction } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface LinearLROptions {
  /**
   * What the rate is multiplied by at step 0: above 0, at most 1.
   * @defaultValue 1 / 3
   */
  startFactor?: number;
  /**
   * What the rate is multiplied by in the end, from 0 to 1.
   * @defaultValue 1
   */
  endFactor?: number;
  /**
   * Steps from one to the other; 0 begins at the end.
   * @defaultValue 5
   */
  totalIters?: number;
}

const aboveZero: Rule = (value) => (fraction(value) || value === 0) && "a number above 0, at most 1";

// A third, divided beforehand: where something is computed, bundlers keep a table that nobody reads.
const table: Table<LinearLROptions> = {
  startFactor: [aboveZero, 0.3333333333333333],
  endFactor: [fraction, 1],
  totalIters: [count, 5],
};

const factorAt = (step: number, { startFactor, endFactor, totalIters }: Required<LinearLROptions>): number =>
  ramp(step, totalIters, startFactor, endFactor);

/**
 * A straight line from one factor to another.
 *
 * `lr * (startFactor + (endFactor - startFactor) * min(step, totalIters) / totalIters)`
 *
 * @throws {OptionError} if `startFactor` is not above 0 and at most 1, `endFactor` not from 0 to 1, or `totalIters` not a whole number from 0 up
 * @example
 * const schedule = linearLR({ lr: 0.1, startFactor: 0.5, totalIters: 4 });
 * [0, 2, 4, 5].map(schedule); // => [0.05, 0.075, 0.1, 0.1]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html}
 */
export function linearLR(options: ScheduleOptions<LinearLROptions>): Schedule {
  const fields = completeOptions("linearLR", options, { ...table, ...withLr });
  return (step) => fields.lr * factorAt(step, fields);
}

export interface LinearLRState extends LRSchedulerState {
  start_factor: number;
  end_factor: number;
  total_iters: number;
}

/**
 * A straight line from one factor to another, whatever else changes the rate in between; `totalIters` may be 0.
 *
 * PyTorch stays at the start factor then, where this is at the end at once.
 *
 * @throws {OptionError} if `startFactor` is not above 0 and at most 1, `endFactor` not from 0 to 1, or `totalIters` not a whole number from 0 up
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 4 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.0625]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html}
 */
export class LinearLR extends LRScheduler<LinearLROptions, LinearLRState> {
  declare startFactor: number;
  declare endFactor: number;
  declare totalIters: number;

  constructor(optimizer: HasParamGroups, options: LinearLROptions & LRSchedulerOptions = {}) {
    super("LinearLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this));
  }

  protected lrAt(base: number, epoch: number): number {
    return base * factorAt(epoch, this);
  }
}
