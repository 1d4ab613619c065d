import { completeOptions, withLr } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import {
  type LrLambda,
  type LrLambdaOptions,
  type LrLambdaState,
  lambdasOf,
  restoreLambdas,
  savedLambdas,
  saveLambdas,
  withLambda,
} from "./lr-lambda.ts";
import { LRScheduler, type LRSchedulerOptions } from "./lr-scheduler.ts";
import { list } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

/**
 * The rate times a factor of your own for each step.
 *
 * `lr * lrLambda(step)`
 *
 * @throws {OptionError} if `lrLambda` is not a function
 * @example
 * const schedule = lambdaLR({ lr: 0.1, lrLambda: (step) => 1 / (step + 1) });
 * schedule(3); // => 0.025
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html}
 */
export function lambdaLR(options: ScheduleOptions<{ lrLambda: LrLambda }>): Schedule {
  const { lr, lrLambda } = completeOptions("lambdaLR", options, { ...withLambda, ...withLr });
  return (step) => lr * lrLambda(step);
}

/**
 * Each group's first rate times a factor of your own for the epoch; overwrites what other schedulers did.
 *
 * @throws {OptionError} if `lrLambda` is not a function, or a list with one for each group
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }, { lr: 0.2 }] };
 * const scheduler = new LambdaLR(optimizer, { lrLambda: [(epoch) => 0.5 ** epoch, () => 1] });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05, 0.2]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html}
 */
export class LambdaLR extends LRScheduler<{ lrLambda: LrLambda[] }, LrLambdaState> {
  /** One for each group. */
  declare lrLambda: LrLambda[];

  constructor(optimizer: HasParamGroups, options: LrLambdaOptions & LRSchedulerOptions) {
    super("LambdaLR", optimizer, lambdasOf("LambdaLR", optimizer, options), { lrLambda: [list] }, savedLambdas);
    this.initialStep();
  }

  protected get lrLambdas(): (object | null)[] {
    return saveLambdas(this.lrLambda);
  }

  protected set lrLambdas(saved: readonly (object | null)[]) {
    restoreLambdas(this.lrLambda, saved);
  }

  protected lrAt(base: number, epoch: number, index: number): number {
    return base * (this.lrLambda[index]?.(epoch) ?? Number.NaN);
  }
}
