import { OptionError } from "./option-error.ts";

/** Says in words what a value must be, if it is not that already: `"a finite number"`. */
export type Rule = (value: unknown) => string | false;

/** `value`, if it follows the rule. */
export function must<Value>(where: string, what: string, rule: Rule, value: Value): Value {
  const need = rule(value);
  if (need) throw new OptionError(`${where}: ${what} must be ${need}, got ${value}.`);
  return value;
}
