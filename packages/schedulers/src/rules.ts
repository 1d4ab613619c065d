import type { Rule } from "./must.ts";

// Tables of rules are made without calling anything, so that bundlers can tell that a table nobody reads does nothing.

export const anything: Rule = () => false;

export const finite: Rule = (value) => !Number.isFinite(value) && "a finite number";

export const finites: Rule = (value) =>
  !(Array.isArray(value) && value.every(Number.isFinite)) && "a list of finite numbers";

/** Of steps, epochs, or times. */
export const count: Rule = (value) => !(Number.isInteger(value) && Number(value) >= 0) && "a whole number from 0 up";

export const positiveCount: Rule = (value) =>
  !(Number.isInteger(value) && Number(value) > 0) && "a whole number from 1 up";

export const nonNegative: Rule = (value) => !(Number.isFinite(value) && Number(value) >= 0) && "a number from 0 up";

/** -1 is before the first. */
export const lastEpochs: Rule = (value) => !(Number.isFinite(value) && Number(value) >= -1) && "a number from -1 up";

export const fraction: Rule = (value) =>
  !(typeof value === "number" && value >= 0 && value <= 1) && "a number from 0 to 1";

export const flag: Rule = (value) => typeof value !== "boolean" && "true or false";

export const callable: Rule = (value) => typeof value !== "function" && "a function";

export const list: Rule = (value) => !Array.isArray(value) && "a list";

export const oneOf = (value: unknown, ...choices: readonly string[]): string | false =>
  !choices.some((choice) => choice === value) && `one of ${choices.join(", ")}`;

export const listOf =
  (rule: Rule): Rule =>
  (value) =>
    (!Array.isArray(value) || value.some(rule)) && `a list, each ${rule(undefined)}`;

/** One value for all groups, or a list of them. */
export const eachGroup =
  (rule: Rule): Rule =>
  (value) =>
    [value].flat().some(rule) && `${rule(undefined)}, or a list with one for each group`;
