import { ticks } from "../charts/ticks.ts";
import { shortNumber } from "../format.ts";
import type { HparamValue } from "./read-hparams.ts";

/** Where the values of a column are on an axis, from 0 (bottom) to 1. */
export interface ColumnScale {
  readonly at: (value: HparamValue) => number | undefined;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Numbers lie by size, on a logarithmic scale where they span more than two powers of ten, as rates do; all else lies evenly, sorted. */
export function columnScale(values: readonly HparamValue[]): ColumnScale {
  const numbers = values.filter((value) => typeof value === "number" && Number.isFinite(value)).map(Number);
  if (numbers.length === 0 || numbers.length < values.filter((value) => typeof value !== "number").length)
    return evenly(values);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const log = low > 0 && high / low > 100;
  const measure = log ? Math.log10 : (value: number) => value;
  const span = measure(high) - measure(low);
  const at = (value: number) => (span > 0 ? (measure(value) - measure(low)) / span : 0.5);
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const marks = distinct.length <= 5 ? distinct : log ? powers(low, high) : ticks(low, high, 5);
  return {
    at: (value) => (typeof value === "number" && Number.isFinite(value) ? at(value) : undefined),
    ticks: marks.map((value) => ({ at: at(value), label: shortNumber(value) })),
  };
}

function evenly(values: readonly HparamValue[]): ColumnScale {
  const distinct = [...new Set(values.map(String))].sort();
  const place = new Map(distinct.map((value, k) => [value, distinct.length > 1 ? k / (distinct.length - 1) : 0.5]));
  return {
    at: (value) => place.get(String(value)),
    ticks: [...place].slice(0, 30).map(([label, at]) => ({ at, label })),
  };
}

function powers(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  return Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, k) => 10 ** (first + k));
}
