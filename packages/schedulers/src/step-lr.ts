import { completeOptions, type Table, withLr } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { finite, positiveCount } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface StepLROptions {
  /** Steps between two decays. */
  stepSize: number;
  /**
   * What the rate is multiplied by at each decay.
   * @defaultValue 0.1
   */
  gamma?: number;
}

const table: Table<StepLROptions> = { stepSize: [positiveCount], gamma: [finite, 0.1] };

const factorAt = (step: number, { stepSize, gamma }: Required<StepLROptions>): number =>
  gamma ** Math.floor(step / stepSize);

/**
 * Decay by `gamma` every `stepSize` steps.
 *
 * `lr * gamma ** floor(step / stepSize)`
 *
 * @throws {OptionError} if `stepSize` is not a whole number above 0
 * @example
 * const schedule = stepLR({ lr: 0.1, stepSize: 30 });
 * schedule(29); // => 0.1
 * schedule(30); // => 0.01
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html}
 */
export function stepLR(options: ScheduleOptions<StepLROptions>): Schedule {
  const fields = completeOptions("stepLR", options, { ...table, ...withLr });
  return (step) => fields.lr * factorAt(step, fields);
}

export interface StepLRState extends LRSchedulerState {
  step_size: number;
  gamma: number;
}

/**
 * Decay each group's rate by `gamma` every `stepSize` epochs, whatever else changes it in between.
 *
 * @throws {OptionError} if `stepSize` is not a whole number above 0
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new StepLR(optimizer, { stepSize: 2 });
 * scheduler.step();
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.01]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html}
 */
export class StepLR extends LRScheduler<StepLROptions, StepLRState> {
  declare stepSize: number;
  declare gamma: number;

  constructor(optimizer: HasParamGroups, options: StepLROptions & LRSchedulerOptions) {
    super("StepLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number): number {
    return epoch > 0 && epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }

  protected lrAt(base: number, epoch: number): number {
    return base * factorAt(epoch, this);
  }
}
