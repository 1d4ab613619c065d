import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { ramp } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { count, finite } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface PolynomialLROptions {
  /**
   * Steps until the rate is 0; 0 never lowers it.
   * @defaultValue 5
   */
  totalIters?: number;
  /**
   * The power of the polynomial: 1 is a straight line.
   * @defaultValue 1
   */
  power?: number;
}

const table: Table<PolynomialLROptions> = { totalIters: [count, 5], power: [finite, 1] };

const factorAt = (step: number, { totalIters, power }: Required<PolynomialLROptions>): number =>
  totalIters > 0 ? ramp(step, totalIters, 1, 0) ** power : 1;

/**
 * Down to 0 along a polynomial.
 *
 * `lr * (1 - min(step, totalIters) / totalIters) ** power`
 *
 * @throws {OptionError} if `totalIters` is not a whole number from 0 up, or `power` not a number
 * @example
 * const schedule = polynomialLR({ lr: 0.1, totalIters: 4, power: 2 });
 * [0, 2, 4, 5].map(schedule); // => [0.1, 0.025, 0, 0]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html}
 */
export function polynomialLR(options: ScheduleOptions<PolynomialLROptions>): Schedule {
  const fields = completeOptions("polynomialLR", options, { ...table, ...withLr });
  return (step) => fields.lr * factorAt(step, fields);
}

export interface PolynomialLRState extends LRSchedulerState {
  total_iters: number;
  power: number;
}

/**
 * Down to 0 along a polynomial, whatever else changes the rate in between.
 *
 * @throws {OptionError} if `totalIters` is not a whole number from 0 up, or `power` not a number
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new PolynomialLR(optimizer, { totalIters: 4 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.075]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html}
 */
export class PolynomialLR extends LRScheduler<PolynomialLROptions, PolynomialLRState> {
  declare totalIters: number;
  declare power: number;

  constructor(optimizer: HasParamGroups, options: PolynomialLROptions & LRSchedulerOptions = {}) {
    super("PolynomialLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this));
  }

  protected lrAt(base: number, epoch: number): number {
    return base * factorAt(epoch, this);
  }
}
