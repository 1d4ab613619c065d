import { OptionError } from "../options/option-error.ts";
import type { HistogramProto, SummaryValue } from "../protos/messages.ts";
import { type BinRule, binRules } from "./bin-rules.ts";
import { type Buckets, countBetween, countEvenly } from "./buckets.ts";
import { countByDefault } from "./default-buckets.ts";
import { type Moments, momentsOf } from "./moments.ts";

/** How a histogram is divided. */
export interface HistogramForm {
  /**
   * `"tensorflow"`: 10% steps from 1e-12 to 1e20 and the same below 0. A number: so many of one width. A list: the edges. Otherwise one of
   * NumPy's rules for how many of one width.
   *
   * @defaultValue "tensorflow"
   */
  bins?: "tensorflow" | BinRule | number | readonly number[];
  /**
   * If there would be more bins, neighbours are merged, `floor(bins / maxBins)` at a time.
   *
   * @defaultValue no merging
   */
  maxBins?: number;
}

/** A histogram that is counted already. */
export interface RawHistogram {
  readonly min: number;
  readonly max: number;
  /** How many values there are. */
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The right edge of each bucket. */
  readonly bucketLimits: ArrayLike<number>;
  /** How many values are in each bucket. */
  readonly bucketCounts: ArrayLike<number>;
}

/**
 * The histogram of the values, as PyTorch's writer makes it. Its numbers are about all values; its buckets leave out those beyond the edges.
 *
 * @throws {OptionError} if there is no value, none is inside the edges, or one is infinite or NaN and `bins` depends on the range
 */
export function histogramValue(tag: string, values: ArrayLike<number>, form: HistogramForm): SummaryValue {
  const { bins = "tensorflow", maxBins } = form;
  if (values.length === 0) throw new OptionError("addHistogram: values has no elements. Leave the call out then.");
  const moments = momentsOf(values);
  const counted = count(values, moments, bins);
  const { edges, counts } = maxBins === undefined ? counted : merge(counted, maxBins);
  const first = counts.findIndex((count) => count > 0);
  if (first === -1) {
    const range = `${edges[0]} to ${edges.at(-1)}`;
    const mend = "Look for NaN and for what has grown without bounds, or give other bins.";
    throw new OptionError(`addHistogram: none of the ${values.length} values is from ${range}. ${mend}`);
  }
  const end = counts.findLastIndex((count) => count > 0) + 1;
  const histo: HistogramProto = {
    ...moments,
    // Only right edges are kept, so an empty bucket before the first one has its left edge.
    bucketLimit: edges.subarray(first, end + 1),
    bucket: Float64Array.of(0, ...counts.subarray(first, end)),
  };
  return { tag, histo };
}

/** A histogram that was counted elsewhere, as it is. */
export function rawHistogramValue(tag: string, raw: RawHistogram): SummaryValue {
  const { min, max, num, sum, sumSquares, bucketLimits, bucketCounts } = raw;
  if (bucketLimits.length !== bucketCounts.length) {
    const lengths = `${bucketLimits.length} bucketLimits and ${bucketCounts.length} bucketCounts`;
    throw new OptionError(`addHistogramRaw: there are ${lengths}. Give each bucket its right edge and its count.`);
  }
  return { tag, histo: { min, max, num, sum, sumSquares, bucketLimit: bucketLimits, bucket: bucketCounts } };
}

/** What `bins` may be. */
export function binsRule(value: unknown): string | false {
  const isRule = value === "tensorflow" || (typeof value === "string" && Object.hasOwn(binRules, value));
  const isCount = Number.isSafeInteger(value) && Number(value) > 0;
  const need = `a number of bins, a list of rising edges, or one of tensorflow, ${Object.keys(binRules).join(", ")}`;
  return !(isRule || isCount || isEdges(value)) && need;
}

const isEdges = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((edge, i) => typeof edge === "number" && edge >= (i === 0 ? Number.NEGATIVE_INFINITY : value[i - 1]));

function count(values: ArrayLike<number>, moments: Moments, bins: NonNullable<HistogramForm["bins"]>): Buckets {
  if (bins === "tensorflow") return countByDefault(values);
  if (typeof bins === "object") return countBetween(values, bins);
  if (!Number.isFinite(moments.max - moments.min)) {
    const range = `from ${moments.min} to ${moments.max}`;
    throw new OptionError(`addHistogram: values are ${range}, which cannot be divided evenly. Give bins as edges.`);
  }
  return countEvenly(values, moments, typeof bins === "number" ? bins : ruledBins(values, moments, bins));
}

function ruledBins(values: ArrayLike<number>, moments: Moments, rule: BinRule): number {
  const width = binRules[rule](values, moments);
  return width === 0 ? 1 : Math.ceil(rangeOf(moments) / width);
}

/** All values equal are spread over 1, as NumPy does. */
const rangeOf = ({ min, max }: Moments): number => (min === max ? 1 : max - min);

/** Merges neighbours, as many at a time as fit `maxBins`; the last bin may be of fewer. */
function merge({ edges, counts }: Buckets, maxBins: number): Buckets {
  if (counts.length <= maxBins) return { edges, counts };
  const together = Math.floor(counts.length / maxBins);
  const merged = new Float64Array(Math.ceil(counts.length / together));
  for (const [i, count] of counts.entries())
    merged[Math.floor(i / together)] = (merged[Math.floor(i / together)] ?? 0) + count;
  const starts = edges.subarray(0, -1).filter((_, i) => i % together === 0);
  return { edges: Float64Array.of(...starts, edges.at(-1) ?? 0), counts: merged };
}
