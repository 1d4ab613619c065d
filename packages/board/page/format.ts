/** A number as short as its use allows: five digits, powers of ten where there are too many zeros. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-3
      ? value
          .toExponential(3)
          .replace(/\.?0+e/, "e")
          .replace("e+", "e")
      : `${Number(value.toPrecision(5))}`;
  return text.replace("-", "−");
}

/** Seconds as `1h 02m`, `3m 05s`, `12.3s`. */
export function duration(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "−" : "";
  if (size < 60) return `${sign}${Number(size.toFixed(size < 10 ? 2 : 1))}s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (size < 3600) return `${sign}${Math.floor(size / 60)}m ${two(size % 60)}s`;
  if (size < 86_400) return `${sign}${Math.floor(size / 3600)}h ${two((size % 3600) / 60)}m`;
  return `${sign}${Math.floor(size / 86_400)}d ${two((size % 86_400) / 3600)}h`;
}

/** Seconds since 1970 as a date and time of this place. */
export function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function byteSize(bytes: number): string {
  if (bytes < 1 << 20) return `${Math.ceil(bytes / 1024)} kB`;
  return bytes < 1 << 30 ? `${(bytes / (1 << 20)).toFixed(0)} MB` : `${(bytes / (1 << 30)).toFixed(2)} GB`;
}

export const wholeNumber = (value: number): string => value.toLocaleString("en").replaceAll(",", " ");
