import { type Averageable, isAverageable } from "../averageable.ts";
import { hostOf } from "../hosts/host.ts";

/** An average, and what of the model it is the average of. */
export interface Pair {
  readonly average: Averageable;
  readonly value: Averageable;
}

/** `AvgFn` of whatever numbers it is given. */
export type EachFn = (average: never, value: never, nAveraged: number) => unknown;
/** `MultiAvgFn` of whatever numbers it is given. */
export type AllFn = (averages: readonly never[], values: readonly never[], nAveraged: number) => void;

/** One of the two ways to average. */
export type Averaging = { readonly each: EachFn } | { readonly all: AllFn };

/** Let averages of `nAveraged` models take in one more. Nothing is recorded for gradients, nothing is left in memory. */
export function average(pairs: readonly Pair[], averaging: Averaging, nAveraged: number): void {
  const views: Pair[] = pairs.map(({ average, value }) => ({
    average: hostOf(average).detach(average),
    value: likened(value, average),
  }));
  try {
    if ("each" in averaging) for (const view of views) replace(view, averaging.each, nAveraged);
    else for (const group of groupsOf(views)) changeAll(group, averaging.all, nAveraged);
  } finally {
    for (const view of views) for (const each of [view.average, view.value]) hostOf(each).dispose(each);
  }
}

function replace({ average, value }: Pair, avgFn: EachFn, nAveraged: number): void {
  const next = avgFn(average as never, value as never, nAveraged);
  if (!isAverageable(next)) {
    throw new TypeError(`AveragedModel: avgFn must return the next average, got ${String(next)}.`);
  }
  hostOf(average).copy(average, next);
  if (next !== average && next !== value) hostOf(next).dispose(next);
}

function changeAll(group: readonly Pair[], multiAvgFn: AllFn, nAveraged: number): void {
  const averages = group.map(({ average }) => average);
  const values = group.map(({ value }) => value);
  multiAvgFn(averages as never[], values as never[], nAveraged);
  for (const average of averages) hostOf(average).settle(average);
}

/** `value` without a graph, in the dtype and on the device of `like`. */
function likened(value: Averageable, like: Averageable): Averageable {
  const host = hostOf(like);
  if (isAlike(value, like)) return host.detach(value);
  const converted = host.clone(like);
  host.copy(converted, value);
  return converted;
}

function isAlike(a: Averageable, b: Averageable): boolean {
  const host = hostOf(a);
  return host.dtypeOf(a) === host.dtypeOf(b) && host.deviceOf(a) === host.deviceOf(b);
}

/** Pairs of one dtype and device, in their order. */
function groupsOf(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const groups: [Pair, ...Pair[]][] = [];
  for (const pair of pairs) {
    const group = groups.find(([first]) => isAlike(first.average, pair.average));
    if (group) group.push(pair);
    else groups.push([pair]);
  }
  return groups;
}
