import { OptionError } from "@anneal/tensor";
import { shown } from "./check-options.ts";

/** A number, or a list of it. */
export type Single = number | readonly [number];

/** One number for both dimensions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

/** One number for all three dimensions, or [depth, vertical, horizontal]. */
export type Triple = number | readonly [number, number, number];

/** One number for all dimensions, or one each. */
export type Sizes = Single | Pair | Triple;

/** One number for each of `rank` dimensions. */
export const sizesOf = (value: Sizes, rank: number): readonly number[] =>
  typeof value === "number" ? new Array<number>(rank).fill(value) : value;

const lists: readonly string[] = ["", "", "two, [vertical, horizontal]", "three, [depth, vertical, horizontal]"];

/** `, or two, [vertical, horizontal]`: what an option for `rank` dimensions may be too. */
export const orLists = (rank: number): string => (rank === 1 ? "" : `, or ${lists[rank]}`);

/** An integer from `least` on, or one for each of `rank` dimensions. */
export function checkSizes(where: string, name: string, value: Sizes, rank: number, least: number): void {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const fits = all.length === rank || !Array.isArray(value);
  if (!fits || all.some((each) => typeof each !== "number" || !Number.isInteger(each) || each < least)) {
    throw new OptionError(where, `${name} is ${shown(value)}`, `Give an integer from ${least} on${orLists(rank)}.`);
  }
}
