import { must } from "../must.ts";
import { callable, listOf } from "../rules.ts";
import type { Schedule } from "../schedule.ts";

/**
 * The product of schedules: one of rates, and factors to scale it.
 *
 * @throws {OptionError} if one is not a function
 * @example
 * const schedule = multiply(exponentialLR({ lr: 0.1, gamma: 0.5 }), constantLR({ lr: 1, factor: 0.1, totalIters: 1 }));
 * [0, 1].map(schedule); // => [0.01, 0.05]
 */
export function multiply(...schedules: readonly Schedule[]): Schedule {
  must("multiply", "schedules", listOf(callable), schedules);
  return (step) => schedules.reduce((product, schedule) => product * schedule(step), 1);
}
