import { OptionError } from "@anneal/tensor";

/** A number of features or channels: an integer from `least` on. */
export function checkSize(where: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new OptionError(where, `${name} is ${value}`, `Give an integer from ${least} on.`);
  }
}

/** A probability: from 0 to 1. */
export function checkProbability(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new OptionError(where, `${name} is ${value}`, "Give a number from 0 to 1.");
}
