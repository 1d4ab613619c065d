import type { Rule } from "./must.ts";
import { listOf, whole } from "./rules.ts";

/** The milestones at which `count` schedules follow on each other. */
export const rising =
  (count: number): Rule =>
  (value) =>
    (listOf(whole(0))(value) ||
      !Array.isArray(value) ||
      value.length !== count - 1 ||
      value.some((milestone, index) => milestone <= value[index - 1])) &&
    `${count - 1} rising steps for ${count} schedules`;

/** Which schedule a step belongs to, and which step of that one it is. */
export function activeAt(milestones: readonly number[], step: number): [index: number, own: number] {
  const index = milestones.filter((milestone) => milestone <= step).length;
  return [index, step - (milestones[index - 1] ?? 0)];
}
