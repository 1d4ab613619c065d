export type Range = readonly [low: number, high: number];

/** A curve: y over ascending x. */
export interface Line {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** What y is an average of: drawn faintly behind. */
  readonly raw?: Float64Array;
  /** The lengths of dashes and gaps, in pixels; a line without gaps if missing. */
  readonly dash?: readonly number[];
  /** Beside the value in the label under the pointer. */
  readonly note?: (index: number) => string;
}

/** What is between two curves. */
export interface Band {
  readonly colour: string;
  /** From 0 to 1. */
  readonly opacity: number;
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** From the least to the greatest x. */
export function xRangeOf(lines: readonly { readonly x: Float64Array }[]): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const { x } of lines) {
    for (const value of x) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return padded(low, high, 0);
}

/**
 * The range of y within a range of x, with room around it.
 *
 * @param ignoreOutliers - whether the lowest and the highest twentieth of the values may be left out
 */
export function yRangeOf(
  lines: readonly Line[],
  bands: readonly Band[],
  [left, right]: Range,
  { log, ignoreOutliers }: { log: boolean; ignoreOutliers: boolean },
): Range {
  const columns = [
    ...lines.flatMap(({ x, y, raw = y }) =>
      raw === y
        ? [{ x, y }]
        : [
            { x, y },
            { x, y: raw },
          ],
    ),
    ...bands.flatMap(({ x, low, high }) => [
      { x, y: low },
      { x, y: high },
    ]),
  ];
  const values: number[] = [];
  for (const { x, y } of columns) {
    for (let k = 0; k < y.length; k += 1) {
      const [at = 0, value = Number.NaN] = [x[k], y[k]];
      if (at >= left && at <= right && Number.isFinite(value) && (!log || value > 0)) values.push(value);
    }
  }
  if (values.length === 0) return log ? [0.1, 10] : [0, 1];
  const sorted = Float64Array.from(values).sort();
  const cut = ignoreOutliers && sorted.length > 20 ? Math.floor(sorted.length / 20) : 0;
  const [low = 0, high = 0] = [sorted[cut], sorted[sorted.length - 1 - cut]];
  if (!log) return padded(low, high, cut > 0 ? 0.1 : 0.05);
  const [below, above] = padded(Math.log10(low), Math.log10(high), 0.05);
  return [10 ** below, 10 ** above];
}

function padded(low: number, high: number, share: number): Range {
  if (!(low <= high)) return [0, 1];
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    return [low - room, high + room];
  }
  const room = (high - low) * share;
  return [low - room, high + room];
}
