import { OptionError } from "../options/option-error.ts";

/** Counts between edges: `counts[i]` values are from `edges[i]` up to `edges[i + 1]`, which belongs to the next, or to the last. */
export interface Buckets {
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/** More make an event that nobody can show. */
const mostBins = 2 ** 20;

/** Counts between the given edges, which rise. What is outside, or NaN, is not counted. */
export function countBetween(values: ArrayLike<number>, edges: readonly number[]): Buckets {
  const sorted = Float64Array.from(edges);
  const counts = new Float64Array(edges.length - 1);
  const first = sorted[0] ?? Number.NaN;
  const last = sorted.at(-1) ?? Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value >= first && value <= last) add(counts, value === last ? counts.length - 1 : bucketOf(sorted, value));
  }
  return { edges: sorted, counts };
}

/** Counts in buckets of one width from the least value to the greatest, or half to each side if all are equal: NumPy's way, to the bit. */
export function countEvenly(
  values: ArrayLike<number>,
  { min, max }: { min: number; max: number },
  bins: number,
): Buckets {
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const step = (high - low) / bins;
  if (bins > mostBins || !(low + step > low && high - step < high)) {
    const mend = "Give a smaller number as bins, or edges.";
    throw new OptionError(`addHistogram: ${bins} bins from ${low} to ${high} are too many. ${mend}`);
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : i * step + low));
  const counts = new Float64Array(bins);
  const range = high - low;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let bucket = Math.min(Math.trunc(((value - low) / range) * bins), bins - 1);
    // The division rounds, so a value next to an edge may have to go to the other side of it.
    if (value < (edges[bucket] as number)) bucket -= 1;
    else if (value >= (edges[bucket + 1] as number) && bucket !== bins - 1) bucket += 1;
    add(counts, bucket);
  }
  return { edges, counts };
}

/** The index of the last edge that is not above `value`. */
export function bucketOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) <= value) low = middle;
    else high = middle;
  }
  return low;
}

function add(counts: Float64Array, bucket: number): void {
  counts[bucket] = (counts[bucket] as number) + 1;
}
