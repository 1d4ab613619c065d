/** Numbers over the epochs, and the mark that stands for each. */
export interface Curve {
  readonly name: string;
  readonly mark: string;
  readonly values: readonly number[];
}

export interface ChartOptions {
  /** What the numbers at the side look like. */
  readonly format: (value: number) => string;
  /** Lines for the curves. @defaultValue 9 */
  readonly height?: number;
  /** Of the terminal. @defaultValue 80 where it does not say */
  readonly columns?: number;
}

/**
 * Curves as marks, the largest number at the top and the first epoch at the left. Where two meet, the mark of the first is shown.
 *
 * @param title - of what there is to see
 */
export function chart(title: string, curves: readonly Curve[], options: ChartOptions): string {
  const { format, height = 9, columns = process.stdout.columns || 80 } = options;
  const all = curves.flatMap(({ values }) => values).filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const epochs = Math.max(...curves.map(({ values }) => values.length));
  const labels = (high > low ? [high, (high + low) / 2, low] : all.slice(0, 1)).map(format);
  const side = Math.max(0, ...labels.map(({ length }) => length));
  // Epochs lie up to four columns apart, and as near as they must to fit.
  const apart = epochs > 1 ? Math.min(4, (columns - side - 4) / (epochs - 1)) : 0;
  const width = 1 + Math.round(apart * (epochs - 1));
  const cells = Array.from({ length: height }, () => new Array<string>(width).fill(" "));
  for (const { mark, values } of curves.toReversed()) {
    for (const [i, value] of values.entries()) {
      const row = cells[high > low ? Math.round(((high - value) / (high - low)) * (height - 1)) : 0];
      if (row && Number.isFinite(value)) row[Math.round(i * apart)] = mark;
    }
  }
  const rows = cells.map((row, r) => {
    const label = { 0: labels[0], [(height - 1) / 2]: labels[1], [height - 1]: labels[2] }[r];
    return `${(label ?? "").padStart(side)} ${label === undefined ? "│" : "┤"} ${row.join("")}`.trimEnd();
  });
  const names = curves.map(({ name, mark }) => `${mark} ${name}`).join("   ");
  const last = epochs > 1 ? String(epochs).padStart(width - 1) : "";
  return [
    `${title}   ${names}`,
    ...rows,
    `${" ".repeat(side)} └${"─".repeat(width + 1)}`,
    `${" ".repeat(side + 3)}1${last}`,
  ].join("\n");
}
