import type { Series } from "./series.ts";
import { thin } from "./thin.ts";

/** Halves a series of scalars at least: of every ten points the ends and the extremes stay. */
export function thinScalars(series: Series): void {
  series.keep(thin(series.numbers(0), Math.max(1, Math.floor(series.length / 10))));
}

/** Halves a series of records: every second one stays, and the last. */
export function thinRecords(series: Series): void {
  const length = Math.ceil(series.length / 2);
  series.keep(Uint32Array.from({ length }, (_, k) => series.length - 1 - 2 * (length - 1 - k)));
}
