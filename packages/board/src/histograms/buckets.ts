import type { HistogramProto, SummaryValue } from "@anneal/summary";
import { tensorNumbers } from "../runs/tensor-values.ts";

/** `counts[k]` values lie from `lefts[k]` to `rights[k]`. */
export interface Buckets {
  readonly lefts: ArrayLike<number>;
  readonly rights: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** More buckets than any histogram has that someone looks at. */
const most = 1 << 16;

/** The buckets of a histogram, old style or tensor; undefined if it is none, or empty. */
export function bucketsOf({ histo, tensor }: SummaryValue): Buckets | undefined {
  if (histo !== undefined) return fromProto(histo);
  const numbers = tensor && tensorNumbers(tensor);
  if (numbers === undefined || numbers.length < 3) return undefined;
  const count = Math.min(most, Math.floor(numbers.length / 3));
  const column = (which: number) => Float64Array.from({ length: count }, (_, k) => numbers[3 * k + which] ?? 0);
  return checked({ lefts: column(0), rights: column(1), counts: column(2) });
}

/** As TensorBoard reads it: empty outer buckets go, and the outermost edges are the least and the greatest value. */
function fromProto({ min, max, bucketLimit, bucket }: HistogramProto): Buckets | undefined {
  const length = Math.min(bucketLimit.length, bucket.length, most);
  let start = 0;
  let end = length;
  while (start < end && !((bucket[start] ?? 0) > 0)) start += 1;
  while (end > start && !((bucket[end - 1] ?? 0) > 0)) end -= 1;
  if (start === end) return undefined;
  const count = end - start;
  const lefts = Float64Array.from({ length: count }, (_, k) => bucketLimit[start + k - 1] ?? min);
  const rights = Float64Array.from({ length: count }, (_, k) => bucketLimit[start + k] ?? max);
  // The writer's outermost limits are infinite or far away; values that are no numbers spoil min and max.
  if (Number.isFinite(min) && min <= (rights[0] ?? 0)) lefts[0] = min;
  if (Number.isFinite(max) && max >= (lefts[count - 1] ?? 0)) rights[count - 1] = max;
  return checked({ lefts, rights, counts: Float64Array.from({ length: count }, (_, k) => bucket[start + k] ?? 0) });
}

function checked({ lefts, rights, counts }: Buckets): Buckets | undefined {
  const good = Array.from({ length: counts.length }, (_, k) => k).filter((k) => {
    const [left = 0, right = 0, count = 0] = [lefts[k], rights[k], counts[k]];
    return Number.isFinite(left) && Number.isFinite(right) && left <= right && count > 0 && Number.isFinite(count);
  });
  if (good.length === 0) return undefined;
  const pick = (column: ArrayLike<number>) => Float64Array.from(good, (k) => column[k] ?? 0);
  return { lefts: pick(lefts), rights: pick(rights), counts: pick(counts) };
}

/** The same histogram in `bins` equal bins from `low` to `high`: a bucket's count is spread evenly over its width. */
export function rebin({ lefts, rights, counts }: Buckets, low: number, high: number, bins: number): Float64Array {
  const rebinned = new Float64Array(bins);
  const width = (high - low) / bins;
  const binAt = (x: number) => Math.min(bins - 1, Math.max(0, Math.floor((x - low) / width)));
  for (let k = 0; k < counts.length; k += 1) {
    const [left = 0, right = 0, count = 0] = [lefts[k], rights[k], counts[k]];
    const first = width > 0 ? binAt(left) : bins >> 1;
    const last = width > 0 ? binAt(right) : first;
    for (let bin = first; bin <= last; bin += 1) {
      const part = Math.min(right, low + (bin + 1) * width) - Math.max(left, low + bin * width);
      rebinned[bin] = (rebinned[bin] ?? 0) + (first === last ? count : (count * Math.max(0, part)) / (right - left));
    }
  }
  return rebinned;
}

/** Below which value lies each share of the values, from 0 to 1 and ascending; within a bucket values are taken to lie evenly. */
export function quantilesOf({ lefts, rights, counts }: Buckets, shares: readonly number[]): number[] {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  let k = 0;
  let below = 0;
  return shares.map((share) => {
    const wanted = share * total;
    while (k < counts.length - 1 && below + (counts[k] ?? 0) < wanted) {
      below += counts[k] ?? 0;
      k += 1;
    }
    const [left = 0, right = 0, count = 1] = [lefts[k], rights[k], counts[k]];
    return left + (right - left) * Math.min(1, Math.max(0, (wanted - below) / count));
  });
}
