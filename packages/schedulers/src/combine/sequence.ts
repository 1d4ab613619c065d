import { activeAt, risingFor } from "../milestones.ts";
import { must } from "../must.ts";
import { callable, listOf } from "../rules.ts";
import type { Schedule } from "../schedule.ts";

/**
 * One schedule after the other, each from its own step 0 on.
 *
 * @param milestones - the steps at which the next one takes over, rising: one fewer than there are schedules
 * @throws {OptionError} if a schedule is not a function, or `milestones` are not such steps
 * @example
 * const schedule = sequence([linearLR({ lr: 0.1, totalIters: 2 }), exponentialLR({ lr: 0.1, gamma: 0.5 })], [2]);
 * [2, 3].map(schedule); // => [0.1, 0.05]
 */
export function sequence(schedules: readonly Schedule[], milestones: readonly number[]): Schedule {
  must("sequence", "schedules", listOf(callable), schedules);
  must("sequence", "milestones", risingFor(schedules.length), milestones);
  return (step) => {
    const [index, own] = activeAt(milestones, step);
    return schedules[index]?.(own) ?? Number.NaN;
  };
}
