import { must, type Rule } from "./must.ts";
import { OptionError } from "./option-error.ts";
import { finite } from "./rules.ts";

/** What options or fields there are, by name: the rule of each, and its default unless it must be given. */
export type Rows = Readonly<Record<string, readonly [rule: Rule, byDefault?: unknown]>>;

/** Rows for all of `Options`, with a default for each that may be left out. */
export type Table<Options> = {
  readonly [Name in keyof Options]-?: object extends Pick<Options, Name>
    ? readonly [rule: Rule, byDefault: Options[Name]]
    : readonly [rule: Rule];
};

/** The row of the option that most schedules have as functions. */
export const withLr: Table<{ lr: number }> = { lr: [finite] };

/**
 * `options` with the defaults of `table` filled in: how every schedule here reads what it is given, and how one of your own may.
 *
 * @param where - the function or class that was called, for errors
 * @throws {OptionError} if one is not what it must be, or has no row: then the message names the one that was likely meant
 */
export function completeOptions<Options extends object>(
  where: string,
  options: Options,
  table: Table<Options>,
): Required<Options>;
export function completeOptions(where: string, options: Readonly<Record<string, unknown>>, table: Rows): object {
  const values: Record<string, unknown> = {};
  for (const name in { ...options, ...table }) {
    const row = Object.hasOwn(table, name) && table[name];
    if (!row)
      throw new OptionError(`${where}: no option ${name}. Did you mean ${likeliest(name, Object.keys(table))}?`);
    const value = options[name] ?? row[1];
    // A default of undefined says that the option may be left out.
    values[name] = value === undefined && row.length > 1 ? value : must(where, name, row[0], value);
  }
  return values;
}

/** The name that shares the most pairs of letters with what was typed. */
function likeliest(typed: string, names: string[]): string | undefined {
  const likeness = (name: string): number => [...typed].filter((_, i) => name.includes(typed.slice(i, i + 2))).length;
  return names.sort((a, b) => likeness(b) - likeness(a))[0];
}
