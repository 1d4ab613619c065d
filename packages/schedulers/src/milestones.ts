import type { Rule } from "./must.ts";
import { count } from "./rules.ts";

/** The milestones at which so many schedules follow on each other. */
export const risingFor =
  (schedules: number): Rule =>
  (value) =>
    !(
      Array.isArray(value) &&
      value.length === schedules - 1 &&
      value.every((milestone, index) => !count(milestone) && !(milestone <= value[index - 1]))
    ) && `${schedules - 1} rising steps for ${schedules} schedules`;

/** Which schedule a step belongs to, and which step of that one it is. */
export function activeAt(milestones: readonly number[], step: number): [index: number, own: number] {
  const index = milestones.filter((milestone) => milestone <= step).length;
  return [index, step - (milestones[index - 1] ?? 0)];
}
