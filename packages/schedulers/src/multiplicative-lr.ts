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

const next = (lr: number, step: number, lrLambda: LrLambda | undefined): number =>
  step > 0 ? lr * (lrLambda?.(step) ?? Number.NaN) : lr;

function lrAt(lr: number, last: number, lrLambda: LrLambda | undefined): number {
  for (let step = 1; step <= last; step++) lr = next(lr, step, lrLambda);
  return lr;
}

/**
 * The rate times a factor of your own at each step, all of them multiplied.
 *
 * `lr * lrLambda(1) * lrLambda(2) * … * lrLambda(step)`, in as many calls
 *
 * @throws {OptionError} if `lrLambda` is not a function
 * @example
 * const schedule = multiplicativeLR({ lr: 0.1, lrLambda: () => 0.5 });
 * schedule(2); // => 0.025
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html}
 */
export function multiplicativeLR(options: ScheduleOptions<{ lrLambda: LrLambda }>): Schedule {
  const { lr, lrLambda } = completeOptions("multiplicativeLR", options, { ...withLambda, ...withLr });
  return (step) => lrAt(lr, step, lrLambda);
}

/**
 * Multiply each group's rate by a factor of your own at each epoch, whatever else changes it in between; starts afresh inside a SequentialLR.
 *
 * `seek(epoch)` and `step(epoch)` take the product of all factors from the first on. PyTorch's multiplies what it finds by the one factor, so
 * that in a SequentialLR it goes on from the rate of the scheduler before it.
 *
 * @throws {OptionError} if `lrLambda` is not a function, or a list with one for each group
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new MultiplicativeLR(optimizer, { lrLambda: (epoch) => (epoch < 10 ? 0.5 : 1) });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html}
 */
export class MultiplicativeLR extends LRScheduler<{ lrLambda: LrLambda[] }, LrLambdaState> {
  /** One for each group. */
  declare lrLambda: LrLambda[];

  constructor(optimizer: HasParamGroups, options: LrLambdaOptions & LRSchedulerOptions) {
    const lambdas = lambdasOf("MultiplicativeLR", optimizer, options);
    super("MultiplicativeLR", optimizer, lambdas, { lrLambda: [list] }, savedLambdas);
    this.initialStep();
  }

  protected get lrLambdas(): (object | null)[] {
    return saveLambdas(this.lrLambda);
  }

  protected set lrLambdas(saved: readonly (object | null)[]) {
    restoreLambdas(this.lrLambda, saved);
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return next(lr, epoch, this.lrLambda[index]);
  }

  protected lrAt(base: number, epoch: number, index: number): number {
    return lrAt(base, epoch, this.lrLambda[index]);
  }
}
