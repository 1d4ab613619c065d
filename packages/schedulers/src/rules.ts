import type { Rule } from "./must.ts";

export const anything: Rule = () => false;

/** Any number but NaN and the infinities. */
export const finite: Rule = (value) => !Number.isFinite(value) && "a finite number";

/** A finite number that is `least` or more. */
export const from =
  (least: number): Rule =>
  (value) =>
    (finite(value) || Number(value) < least) && `a number from ${least} up`;

/** A whole number that is `least` or more. */
export const whole =
  (least: number): Rule =>
  (value) =>
    (!Number.isInteger(value) || Number(value) < least) && `a whole number from ${least} up`;

export const fraction: Rule = (value) => (from(0)(value) || Number(value) > 1) && "a number from 0 to 1";

export const oneOf =
  (...choices: readonly unknown[]): Rule =>
  (value) =>
    !choices.includes(value) && `one of ${choices.join(", ")}`;

export const flag: Rule = (value) => typeof value !== "boolean" && "true or false";

export const callable: Rule = (value) => typeof value !== "function" && "a function";

export const list: Rule = (value) => !Array.isArray(value) && "a list";

export const listOf =
  (rule: Rule): Rule =>
  (value) =>
    (!Array.isArray(value) || value.some(rule)) && `a list, each ${rule(undefined)}`;

/** One value for all groups, or a list of them. */
export const eachGroup =
  (rule: Rule): Rule =>
  (value) =>
    [value].flat().some(rule) && `${rule(undefined)}, or a list with one for each group`;

export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value !== undefined && rule(value);
