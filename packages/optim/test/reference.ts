import { readFileSync } from "node:fs";
import type { OptimizerStateDict } from "../src/index.ts";
import { camelCase } from "../src/state-keys.ts";

export interface ReferenceCase {
  optimizer: string;
  kwargs: Record<string, unknown>;
  dtype: "float32" | "float64";
  params_after_step: number[][][];
  state_dict_after_5: OptimizerStateDict;
  state_dict: OptimizerStateDict;
}

interface Reference {
  shapes: number[][];
  defaults: Record<string, Record<string, unknown>>;
  cases: ReferenceCase[];
}

// Recorded from torch 2.13.0 by reference/generate.py.
export const reference = JSON.parse(
  readFileSync(new URL("../reference/optimizers.json", import.meta.url), "utf8"),
) as Reference;

/** PyTorch's keyword arguments as options. */
export const optionsOf = (kwargs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [camelCase(key), value]));

/** The generator that reference/generate.py describes: `count` numbers in [-1, 1). */
export function drawn(count: number, seed: number): number[] {
  let x = seed;
  return Array.from({ length: count }, () => {
    // BigInt, since the product passes 2^53.
    x = Number((1664525n * BigInt(x) + 1013904223n) % 4294967296n);
    return (x / 4294967296) * 2 - 1;
  });
}
