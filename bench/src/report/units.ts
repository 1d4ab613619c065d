/** `1.23 ms`, `45.6 µs`, `2.10 s`: three digits. */
export function formatSeconds(seconds: number): string {
  const [scale, unit] = seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
  return `${threeDigits(seconds * scale)} ${unit}`;
}

/** `1.23`, `45.6`, `789`, `12345`. */
export function threeDigits(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

/** `1.23x`. */
export const formatRatio = (ratio: number): string => `${threeDigits(ratio)}x`;
