import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { ramp } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { fraction, positiveCount } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface InverseSqrtLROptions {
  /** Steps until the whole rate is reached. The more, the slower it falls after that. */
  warmupSteps: number;
  /**
   * The part of the rate, from 0 to 1, that step 0 has.
   * @defaultValue 0
   */
  startFactor?: number;
}

const table: Table<InverseSqrtLROptions> = { warmupSteps: [positiveCount], startFactor: [fraction, 0] };

const factorAt = (step: number, { warmupSteps, startFactor }: Required<InverseSqrtLROptions>): number =>
  step < warmupSteps ? ramp(step, warmupSteps, startFactor) : Math.sqrt(warmupSteps / step);

/**
 * Up in a line, then down with the inverse square root of the step: the schedule of the first transformers, "Noam". Not in PyTorch.
 *
 * `lr * (step < warmupSteps ? startFactor + (1 - startFactor) * step / warmupSteps : sqrt(warmupSteps / step))`
 *
 * The paper's `dModel ** -0.5 * min(step ** -0.5, step * warmupSteps ** -1.5)` is that with `lr` `(dModel * warmupSteps) ** -0.5`.
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const schedule = inverseSqrtLR({ lr: 0.1, warmupSteps: 4 });
 * [0, 2, 4, 16].map(schedule); // => [0, 0.05, 0.1, 0.05]
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention is all you need, Vaswani et al. 2017}
 */
export function inverseSqrtLR(options: ScheduleOptions<InverseSqrtLROptions>): Schedule {
  const fields = completeOptions("inverseSqrtLR", options, { ...table, ...withLr });
  return (step) => fields.lr * factorAt(step, fields);
}

export interface InverseSqrtLRState extends LRSchedulerState {
  warmup_steps: number;
  start_factor: number;
}

/**
 * Up in a line, then down with the inverse square root of the epoch ("Noam"), whatever else changes the rate in between. Not in PyTorch.
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new InverseSqrtLR(optimizer, { warmupSteps: 4 });
 * scheduler.seek(16);
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention is all you need, Vaswani et al. 2017}
 */
export class InverseSqrtLR extends LRScheduler<InverseSqrtLROptions, InverseSqrtLRState> {
  declare warmupSteps: number;
  declare startFactor: number;

  constructor(optimizer: HasParamGroups, options: InverseSqrtLROptions & LRSchedulerOptions) {
    super("InverseSqrtLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this));
  }

  protected lrAt(base: number, epoch: number): number {
    return base * factorAt(epoch, this);
  }
}
