/** What a histogram says of all its values together. NaN anywhere makes all but the number NaN. */
export interface Moments {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Sums of this many are added up on their own, so that rounding errors grow with the number of blocks only. */
const block = 256;

export function momentsOf(values: ArrayLike<number>): Moments {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let sumSquares = 0;
  let anyNaN = false;
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(start + block, values.length);
    let blockSum = 0;
    let blockSquares = 0;
    for (let i = start; i < end; i++) {
      const value = values[i] as number;
      blockSum += value;
      blockSquares += value * value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    // Squares are never of opposite signs, so their sum is NaN only if one is.
    anyNaN ||= Number.isNaN(blockSquares);
    sum += blockSum;
    sumSquares += blockSquares;
  }
  if (anyNaN) return { min: Number.NaN, max: Number.NaN, num: values.length, sum, sumSquares };
  return { min, max, num: values.length, sum, sumSquares };
}
