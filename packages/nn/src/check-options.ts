import { OptionError, Tensor } from "@anneal/tensor";

/** A number of features or channels: an integer from `least` on. */
export function checkSize(where: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new OptionError(where, `${name} is ${value}`, `Give an integer from ${least} on.`);
  }
}

/** The code that gives this value. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (value instanceof Tensor) return `Tensor [${value.shape.join(", ")}]`;
  if (typeof value === "function") return value.name || "(a function)";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/** The code that gives the options which are not at their default: `{ stride: 2 }`, or nothing. */
export function shownOptions<Options extends object>(options: Options, defaults: Options): string {
  const usual = new Map<string, unknown>(Object.entries(defaults));
  const given = Object.entries(options).filter(([name, value]) => shown(value) !== shown(usual.get(name)));
  return given.length === 0 ? "" : `{ ${given.map(([name, value]) => `${name}: ${shown(value)}`).join(", ")} }`;
}

/** Arguments one after the other; nothing for those that are empty. */
export const shownArguments = (...args: readonly string[]): string => args.filter((each) => each !== "").join(", ");

/** The options given, and the defaults of all others; what is undefined is not given. */
export function withDefaults<Options extends object>(defaults: Options, options: Partial<Options>): Options {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}

/** A probability: from 0 to 1. */
export function checkProbability(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new OptionError(where, `${name} is ${value}`, "Give a number from 0 to 1.");
}

/** A number, perhaps above or from a least one on. */
export function checkNumber(
  where: string,
  name: string,
  value: unknown,
  { above, from }: { readonly above?: number; readonly from?: number } = {},
): void {
  const enough = (x: number): boolean => (above === undefined || x > above) && (from === undefined || x >= from);
  if (typeof value === "number" && !Number.isNaN(value) && enough(value)) return;
  const least = above !== undefined ? ` above ${above}` : from !== undefined ? ` from ${from} on` : "";
  throw new OptionError(where, `${name} is ${shown(value)}`, `Give a number${least}.`);
}

/** A dimension, from the end where it is negative. */
export function checkDim(where: string, name: string, value: number): void {
  if (!Number.isInteger(value)) {
    throw new OptionError(where, `${name} is ${value}`, "Give an integer; from the end where it is negative.");
  }
}

/** One of some words. */
export function checkChoice(where: string, name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const words = choices.map(shown);
  throw new OptionError(
    where,
    `${name} is ${shown(value)}`,
    `Give ${words.slice(0, -1).join(", ")} or ${words.at(-1)}.`,
  );
}
