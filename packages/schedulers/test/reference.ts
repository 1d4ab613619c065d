import { readFileSync } from "node:fs";

/** The rate and the momentum (or first beta) of each group. */
export interface ReferenceRow {
  lr: number[];
  momentum: number[];
}

export interface ReferenceCase {
  name: string;
  optimizer: "SGD" | "Adam";
  kwargs: Record<string, unknown>;
  rows: ReferenceRow[];
  jumps?: (ReferenceRow & { epoch: number | null })[];
  state_after_3?: object;
  groups_after_3: Record<string, number>[];
}

export interface ReferencePlateau {
  kwargs: Record<string, unknown>;
  metrics: (number | null)[];
  rows: (ReferenceRow & { best: number; bad: number; cooldown: number })[];
  state: Record<string, unknown>;
}

interface Reference {
  defaults: Record<string, Record<string, unknown>>;
  cases: ReferenceCase[];
  plateaus: ReferencePlateau[];
}

/** Recorded from torch 2.13.0 by reference/generate.py. */
export const reference = JSON.parse(
  readFileSync(new URL("../reference/schedulers.json", import.meta.url), "utf8"),
) as Reference;

/** The functions of the reference, by their Python text. */
const functions: Readonly<Record<string, (e: number) => number>> = {
  "0.95": () => 0.95,
  "0.9": () => 0.9,
  "0.95**e": (e) => 0.95 ** e,
  "0.9**e": (e) => 0.9 ** e,
  "0.8**e": (e) => 0.8 ** e,
  "1/e": (e) => 1 / e,
  "1/(1+e)": (e) => 1 / (1 + e),
};

const camelCase = (name: string): string =>
  name.replace(/^T/, "t").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const nameless = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(nameless);
  return typeof value === "string" ? (functions[value] ?? value) : value;
};

/** PyTorch's keyword arguments as options. */
export const optionsOf = (kwargs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camelCase(name), nameless(value)]));

/** PyTorch's defaults of the options of `name`, those that must be given left out, and `last_epoch`, which no object shows. */
export function defaultsOf(name: string): Record<string, unknown> {
  const { last_epoch: _, ...defaults } = reference.defaults[name] ?? {};
  return optionsOf(Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== null)));
}
