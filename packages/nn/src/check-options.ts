import { OptionError } from "@anneal/tensor";

/** A number of features or channels: an integer from `least` on. */
export function checkSize(where: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new OptionError(where, `${name} is ${value}`, `Give an integer from ${least} on.`);
  }
}

/** One number for both dimensions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export const pairOf = (value: Pair): readonly [number, number] => (typeof value === "number" ? [value, value] : value);

/** The code that gives this value. */
export const shown = (value: Pair | string): string =>
  typeof value === "object" ? `[${value.join(", ")}]` : typeof value === "string" ? `"${value}"` : String(value);

/** An integer from `least` on, or two of them. */
export function checkPair(where: string, name: string, value: Pair, least: number): void {
  const both: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  if (both.length !== 2 || both.some((each) => !Number.isInteger(each) || (each as number) < least)) {
    throw new OptionError(
      where,
      `${name} is ${shown(value)}`,
      `Give an integer from ${least} on, or two, [vertical, horizontal].`,
    );
  }
}

/** A probability: from 0 to 1. */
export function checkProbability(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new OptionError(where, `${name} is ${value}`, "Give a number from 0 to 1.");
}
