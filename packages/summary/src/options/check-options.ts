import { must, type Rule } from "./must.ts";
import { OptionError } from "./option-error.ts";

/** What options there are, by name: the rule of each. */
export type Rules<Options> = { readonly [Name in keyof Options]-?: Rule };

/**
 * Checks options before their defaults are filled in, by destructuring.
 *
 * @param where - the method that was called, for errors
 * @returns the options, in which undefined says the same as nothing
 * @throws {OptionError} if one is not what it must be, or has no rule: then the message names the one that was likely meant
 */
export function checkOptions<Options extends object>(where: string, options: Options, rules: Rules<Options>): Options {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new OptionError(`${where}: options are an object, such as { ${Object.keys(rules)[0]} }, got ${options}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const rule = ruleOf(rules, name);
    if (rule === undefined) {
      const meant = likeliest(name, Object.keys(rules));
      throw new OptionError(`${where}: no option ${name}. Did you mean ${meant}?`);
    }
    if (value !== undefined) must(where, name, rule, value);
  }
  return options;
}

const ruleOf = <Options>(rules: Rules<Options>, name: string): Rule | undefined =>
  Object.entries<Rule>(rules).find(([key]) => key === name)?.[1];

/** The name that shares the most pairs of letters with what was typed. */
function likeliest(typed: string, names: string[]): string | undefined {
  const likeness = (name: string): number => [...typed].filter((_, i) => name.includes(typed.slice(i, i + 2))).length;
  return names.sort((a, b) => likeness(b) - likeness(a))[0];
}
