import { parseArgs } from "node:util";

/** Something on the command line is wrong. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** An option of a command line. */
export interface Flag<Value> {
  /** What stands for its value in the help; missing where it takes none. */
  readonly value?: string;
  /** What it is for. A further line goes on. */
  readonly about: string;
  /** What to give, so that it ends a sentence. */
  readonly wanted: string;
  /** Its value; undefined where this is none. */
  readonly read: (text: string) => Value | undefined;
}

type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values of the flags that were there. */
export type Given<F extends Flags> = { readonly [Name in keyof F]?: F[Name] extends Flag<infer Value> ? Value : never };

const largest = Number.MAX_SAFE_INTEGER;

export function wholeNumber(
  about: string,
  { least, most = largest, wanted }: { readonly least: number; readonly most?: number; readonly wanted?: string },
): Flag<number> {
  const range = most === largest ? `from ${least} on` : `from ${least} to ${most}`;
  return numeric(about, "N", wanted ?? `a whole number ${range}`, (value) => {
    return Number.isSafeInteger(value) && value >= least && value <= most;
  });
}

export function positiveNumber(about: string, example: number): Flag<number> {
  return numeric(about, "X", `a number above 0, such as ${example}`, (value) => Number.isFinite(value) && value > 0);
}

function numeric(about: string, value: string, wanted: string, fits: (value: number) => boolean): Flag<number> {
  const read = (text: string): number | undefined => {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    return fits(number) ? number : undefined;
  };
  return { value, about, wanted, read };
}

/** @param wanted - what it holds: "the folder that holds the IDX files" */
export function folder(about: string, wanted: string): Flag<string> {
  return { value: "DIR", about, wanted, read: (text) => (text === "" ? undefined : text) };
}

export function toggle(about: string): Flag<true> {
  return { about, wanted: "no value", read: (text) => (text === "" ? true : undefined) };
}

/** What `--help` prints. */
export function helpText(about: string, usage: string, flags: Flags): string {
  const all = [...Object.entries(flags), ["help", { about: "this list" }] as const];
  const names = all.map(([name, flag]) => ("value" in flag ? `--${name} ${flag.value}` : `--${name}`));
  const width = 2 + Math.max(...names.map(({ length }) => length));
  const lines = all.flatMap(([, { about }], i) =>
    about.split("\n").map((line, k) => `  ${(k === 0 ? (names[i] ?? "") : "").padEnd(width)} ${line}`),
  );
  return `${about}\n\n  ${usage}\n\n${lines.join("\n")}`;
}

/**
 * Read a command line.
 *
 * @returns null if it asks for help
 * @throws {UsageError} that says what is wrong and how to mend it
 */
export function readFlags<const F extends Flags>(args: string[], flags: F): Given<F> | null {
  const options = Object.fromEntries(
    [...Object.entries(flags), ["help", {}] as const].map(([name, flag]) => [
      name,
      { type: "value" in flag ? "string" : "boolean" } as const,
    ]),
  );
  const given = new Map<string, string>();
  for (const token of parseArgs({ args, options, strict: false, tokens: true }).tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      throw new UsageError(`"${token.value}" belongs to no option. Give options as --name value; --help lists them.`);
    }
    const { name, rawName, value = "" } = token;
    if (!Object.hasOwn(options, name) || !rawName.startsWith("--")) {
      const near = Object.keys(options).find((each) => each.startsWith(name) || name.startsWith(each));
      throw new UsageError(
        `There is no option ${rawName}. ${near ? `Did you mean --${near}? ` : ""}--help lists what there is.`,
      );
    }
    if (name === "help") return null;
    if (given.has(name)) throw new UsageError(`--${name} is there twice. Give it once.`);
    given.set(name, value);
  }
  return Object.fromEntries([...given].map(([name, text]) => [name, parsed(name, text, flags)])) as Given<F>;
}

function parsed(name: string, text: string, flags: Flags): unknown {
  const value = flags[name]?.read(text);
  if (value !== undefined) return value;
  throw new UsageError(
    `--${name} ${text === "" ? "has no value" : `is "${text}"`}. Give it ${flags[name]?.wanted ?? "another"}.`,
  );
}
