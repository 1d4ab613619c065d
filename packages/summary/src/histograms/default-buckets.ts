import { type Buckets, bucketOf } from "./buckets.ts";

/** The edges, and a table that finds a value's bucket from its first bits. */
interface DefaultBuckets {
  readonly edges: Float64Array;
  /** By sign, exponent and first bits of the fraction of a double: the bucket of the least value with these. */
  readonly bucketByBits: Uint16Array;
}

/** Sign, 11 bits of exponent, 4 of the fraction: within one of these there is at most one edge, for they are 1.1 apart. */
const bits = 16;

let made: DefaultBuckets | undefined;

/**
 * TensorFlow's buckets, 1549 edges: 0, and 10% apart from 1e-12 to 1e20 on both sides of it. They are multiplied up one by one, because the
 * edges are known by their rounding.
 */
export function defaultEdges(): Float64Array {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return Float64Array.from([...positive.map((edge) => -edge).reverse(), 0, ...positive]);
}

function makeBuckets(): DefaultBuckets {
  const edges = defaultEdges();
  const bucketByBits = new Uint16Array(2 ** bits);
  const double = new Float64Array(1);
  const halves = new Uint32Array(double.buffer);
  for (let key = 0; key < bucketByBits.length; key++) {
    const negative = key >= 2 ** (bits - 1);
    // The least value with these bits has no others if it is positive, and all others if it is negative.
    halves[0] = negative ? 0xffffffff : 0;
    halves[1] = (key << (32 - bits)) | (negative ? 2 ** (32 - bits) - 1 : 0);
    bucketByBits[key] = bucketOf(edges, double[0] ?? 0);
  }
  return { edges, bucketByBits };
}

/** Counts between {@link defaultEdges}. What is outside, or NaN, is not counted. */
export function countByDefault(values: ArrayLike<number>): Buckets {
  made ??= makeBuckets();
  const { edges, bucketByBits } = made;
  const last = edges.at(-1) ?? 0;
  // One more than there are buckets, for the last edge itself.
  const counts = new Uint32Array(edges.length);
  // Bits that are read right after they were written make the processor wait, so numbers are written by the batch.
  const batch = new Float64Array(Math.min(4096, values.length));
  const halves = new Uint32Array(batch.buffer);
  for (let start = 0; start < values.length; start += batch.length) {
    const length = Math.min(batch.length, values.length - start);
    for (let i = 0; i < length; i++) batch[i] = values[start + i] as number;
    for (let i = 0; i < length; i++) {
      const value = batch[i] as number;
      if (!(Math.abs(value) <= last)) continue;
      const bucket = bucketByBits[(halves[2 * i + 1] as number) >>> (32 - bits)] as number;
      // No branch: the processor could not guess it.
      const found = bucket + Number(value >= (edges[bucket + 1] as number));
      counts[found] = (counts[found] as number) + 1;
    }
  }
  const inside = Float64Array.from(counts.subarray(0, -1));
  inside[inside.length - 1] = (inside.at(-1) ?? 0) + (counts.at(-1) ?? 0);
  return { edges, counts: inside };
}
