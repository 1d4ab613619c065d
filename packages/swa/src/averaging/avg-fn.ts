import type { Averageable } from "../averageable.ts";
import { hostOf } from "../hosts/host.ts";

/**
 * The next average of one parameter.
 *
 * @param average - the average so far
 * @param value - the parameter of the model
 * @param nAveraged - how many models the average is of, from 1 on
 * @returns a new tensor or typed array
 */
export type AvgFn<T> = (average: T, value: T, nAveraged: number) => T;

/** As {@link AvgFn}, for many parameters of one dtype and device: changes the averages in place. */
export type MultiAvgFn<T> = (averages: readonly T[], values: readonly T[], nAveraged: number) => void;

/** An {@link AvgFn} for whatever numbers. */
export type AnyAvgFn = <T extends Averageable>(average: T, value: T, nAveraged: number) => T;

/** A {@link MultiAvgFn} for whatever numbers. */
export type AnyMultiAvgFn = <T extends Averageable>(
  averages: readonly T[],
  values: readonly T[],
  nAveraged: number,
) => void;

/** How far an average of `nAveraged` models moves towards the next one: 0 stays, 1 takes the model's numbers. */
export type Share = (nAveraged: number) => number;

/** `average + share * (value - average)`, one by one. */
export const avgFnOf =
  (share: Share): AnyAvgFn =>
  (average, value, nAveraged) => {
    const host = hostOf(average);
    const next = host.clone(average);
    host.lerp(next, value, share(nAveraged));
    return next;
  };

/** `average + share * (value - average)`, in place. */
export const multiAvgFnOf =
  (share: Share): AnyMultiAvgFn =>
  (averages, values, nAveraged) => {
    const weight = share(nAveraged);
    values.forEach((value, i) => {
      const average = averages[i];
      if (average) hostOf(average).lerp(average, value, weight);
    });
  };
