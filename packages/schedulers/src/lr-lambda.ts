import { completeOptions, type Rows, type Table } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { type LRSchedulerOptions, type LRSchedulerState, withLastEpoch } from "./lr-scheduler.ts";
import { callable, eachGroup, list } from "./rules.ts";
import { attributesOf, restoreAttributes } from "./saved-function.ts";
import { valuePerGroup } from "./value-per-group.ts";

/** A factor for each epoch. */
export type LrLambda = (epoch: number) => number;

export interface LrLambdaOptions {
  /** A factor for each epoch: one function for all groups, or a list with one for each. */
  lrLambda: LrLambda | readonly LrLambda[];
}

export interface LrLambdaState extends LRSchedulerState {
  /** For each group `null`, or what was assigned to its function. The function itself is not saved. */
  lr_lambdas: (object | null)[];
}

/** The row of the option, as a schedule of one rate has it. */
export const withLambda: Table<{ lrLambda: LrLambda }> = { lrLambda: [callable] };

export const savedLambdas: Rows = { lrLambdas: [list] };

/** The options of a class, with one function for each group. */
export function lambdasOf(
  where: string,
  optimizer: HasParamGroups,
  options: LrLambdaOptions & LRSchedulerOptions,
): { lrLambda: LrLambda[] } & LRSchedulerOptions {
  const { lrLambda, lastEpoch } = completeOptions(where, options, {
    lrLambda: [eachGroup(callable)],
    ...withLastEpoch,
  });
  return { lrLambda: valuePerGroup(where, "lrLambda", lrLambda, optimizer), lastEpoch };
}

export const saveLambdas = (lambdas: readonly LrLambda[]): (object | null)[] => lambdas.map(attributesOf);

export function restoreLambdas(lambdas: readonly LrLambda[], saved: readonly (object | null)[]): void {
  lambdas.forEach((lambda, index) => {
    restoreAttributes(lambda, saved[index]);
  });
}
