import { countEvenly } from "./buckets.ts";
import type { Moments } from "./moments.ts";

/** The rules for the number of bins, by NumPy's names. */
export type BinRule = "auto" | "fd" | "doane" | "scott" | "stone" | "rice" | "sturges" | "sqrt";

/** The width of bins that suits the values, 0 if one bin does. */
type Width = (values: ArrayLike<number>, moments: Moments) => number;

const spread = ({ min, max }: Moments): number => max - min;

const sturges: Width = (values, moments) => spread(moments) / (Math.log2(values.length) + 1);

const sqrt: Width = (values, moments) => spread(moments) / Math.sqrt(values.length);

/** Freedman and Diaconis. */
const fd: Width = (values) => {
  const sorted = Float64Array.from(values).sort();
  return 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) * values.length ** (-1 / 3);
};

/** By name, the formulas in the order of NumPy's documentation. */
export const binRules: Readonly<Record<BinRule, Width>> = {
  auto(values, moments) {
    // With half of the values in one place the quartiles are the same; sqrt bounds the number of bins then.
    return Math.min(Math.max(fd(values, moments), sqrt(values, moments) / 2), sturges(values, moments));
  },
  fd,
  doane(values, moments) {
    const n = values.length;
    const { mean, deviation } = centre(values, moments);
    if (n <= 2 || !(deviation > 0)) return 0;
    const expected = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
    let cubes = 0;
    for (let i = 0; i < n; i++) cubes += (((values[i] as number) - mean) / deviation) ** 3;
    return spread(moments) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / expected));
  },
  scott(values, moments) {
    return ((24 * Math.sqrt(Math.PI)) / values.length) ** (1 / 3) * centre(values, moments).deviation;
  },
  stone(values, moments) {
    const n = values.length;
    if (n <= 1 || spread(moments) === 0) return 0;
    let best = { bins: 1, loss: Number.POSITIVE_INFINITY };
    for (let bins = 1; bins <= Math.max(100, Math.floor(Math.sqrt(n))); bins++) {
      let squares = 0;
      for (const count of countEvenly(values, moments, bins).counts) squares += (count / n) ** 2;
      const loss = ((2 - (n + 1) * squares) * bins) / spread(moments);
      if (loss < best.loss) best = { bins, loss };
    }
    return spread(moments) / best.bins;
  },
  rice: (values, moments) => spread(moments) / (2 * values.length ** (1 / 3)),
  sturges,
  sqrt,
};

function centre(values: ArrayLike<number>, { sum, num }: Moments): { mean: number; deviation: number } {
  const mean = sum / num;
  let squares = 0;
  for (let i = 0; i < num; i++) squares += ((values[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / num) };
}

/** Between the two neighbours, linearly. */
function quantile(sorted: Float64Array, part: number): number {
  const at = part * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
