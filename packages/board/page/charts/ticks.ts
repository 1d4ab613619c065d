/** For quotients that are a rounding error beside a whole number. */
const slack = 1e-9;

/** Round numbers within a range, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * (1 - slack)) ?? 10);
  const first = Math.ceil(low / step - slack);
  // Multiplied, not added up: 3 * 0.1 has one error, 0.1 + 0.1 + 0.1 three.
  return Array.from({ length: Math.floor(high / step + slack) - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}
