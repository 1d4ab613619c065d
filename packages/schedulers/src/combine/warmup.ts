import { completeOptions } from "../complete-options.ts";
import { ramp } from "../easing.ts";
import { count, fraction } from "../rules.ts";
import type { Schedule } from "../schedule.ts";

export interface WarmupOptions {
  /** Steps of the warm-up. */
  steps: number;
  /**
   * The part of the schedule's first rate, from 0 to 1, that step 0 has.
   * @defaultValue 0
   */
  start?: number;
}

/**
 * Up to the first rate of a schedule in a line, then the schedule from its step 0 on.
 *
 * @throws {OptionError} if `steps` is not a whole number from 0 up, or `start` not from 0 to 1
 * @example
 * const schedule = warmup(cosineAnnealingLR({ lr: 0.1, tMax: 4 }), { steps: 2 });
 * [0, 1, 2, 4, 6].map(schedule); // => [0, 0.05, 0.1, 0.05, 0]
 */
export function warmup(schedule: Schedule, options: WarmupOptions): Schedule {
  const { steps, start } = completeOptions("warmup", options, { steps: [count], start: [fraction, 0] });
  return (step) => (step < steps ? schedule(0) * ramp(step, steps, start) : schedule(step - steps));
}
