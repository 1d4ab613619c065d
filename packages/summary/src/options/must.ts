import { OptionError } from "./option-error.ts";

/** Says in words what a value must be, if it is not that already: `"a finite number"`. */
export type Rule = (value: unknown) => string | false;

/**
 * `value`, if it follows the rule.
 *
 * @param where - the method that was called
 * @param what - the argument or option
 * @throws {OptionError} if it does not
 */
export function must<Value>(where: string, what: string, rule: Rule, value: Value): Value {
  const need = rule(value);
  if (need) throw new OptionError(`${where}: ${what} must be ${need}, got ${show(value)}.`);
  return value;
}

/** A value as its user would write it, cut short. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return `the function ${value.name || "without a name"}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length > 4 ? `a list of ${value.length}` : `[${value.map(show).join(", ")}]`;
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  if (ArrayBuffer.isView(value)) return `a ${name} of ${value.byteLength} bytes`;
  return name === undefined || name === "Object" ? `{ ${Object.keys(value).join(", ")} }` : `a ${name}`;
}
