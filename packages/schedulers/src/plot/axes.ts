import type { Axis } from "./chart.ts";

/** A round distance between about `count` numbers in a range. */
function roundGap(range: number, count: number): number {
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
}

const multiples = (gap: number, first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * gap).toPrecision(12)));

/** From step 0 to the last one, with whole numbers at it. */
export function stepAxis(last: number, count: number): Axis {
  const gap = Math.max(1, roundGap(last, count));
  return { ticks: multiples(gap, 0, Math.floor(last / gap)), place: (step) => step / last };
}

/** From 0, or a round number below the lowest rate, to a round number above the highest. */
export function linearAxis(rates: readonly number[], count: number): Axis {
  const low = Math.min(0, ...rates);
  const high = Math.max(0, ...rates);
  const gap = roundGap(high - low || 1, count);
  // Rounding must not add a number at an end that is round itself.
  const [first, last] = [Math.floor(low / gap + 1e-9), Math.ceil(high / gap - 1e-9) || 1];
  return { ticks: multiples(gap, first, last), place: (rate) => (rate / gap - first) / (last - first) };
}

/** From power of ten to power of ten around the rates above 0. */
export function logAxis(rates: readonly number[]): Axis {
  const powers = rates.filter((rate) => rate > 0).map(Math.log10);
  const low = Math.floor(Math.min(...powers) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.max(...powers) - 1e-9));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`));
  return { ticks, place: (rate) => (rate > 0 ? (Math.log10(rate) - low) / (high - low) : Number.NaN) };
}

/** A number as people write it: 0.05, 20000, 1e-5. */
export const label = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
