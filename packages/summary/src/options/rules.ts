import type { Rule } from "./must.ts";

export const anything: Rule = () => false;

export const finite: Rule = (value) => !Number.isFinite(value) && "a finite number";

export const positive: Rule = (value) => !(Number.isFinite(value) && Number(value) > 0) && "a number above 0";

export const nonNegative: Rule = (value) => !(Number.isFinite(value) && Number(value) >= 0) && "a number from 0 up";

export const positiveCount: Rule = (value) =>
  !(Number.isSafeInteger(value) && Number(value) > 0) && "a whole number from 1 up";

export const flag: Rule = (value) => typeof value !== "boolean" && "true or false";

export const text: Rule = (value) => typeof value !== "string" && "a string";

export const list: Rule = (value) => !Array.isArray(value) && "a list";

export const texts: Rule = (value) =>
  !(Array.isArray(value) && value.every((each) => typeof each === "string")) && "a list of strings";

export const oneOf =
  (...choices: readonly string[]): Rule =>
  (value) =>
    !choices.some((choice) => choice === value) && `one of ${choices.join(", ")}`;

/** Of steps, events, or times. */
export const count: Rule = (value) =>
  !(Number.isSafeInteger(value) && Number(value) >= 0) && "a whole number from 0 up";

/** An object with what it holds by name. */
export const record: Rule = (value) =>
  (typeof value !== "object" || value === null || Array.isArray(value)) && "an object";
