import { completeOptions, type Table } from "../complete-options.ts";
import { must, type Rule } from "../must.ts";
import { flag, oneOf, positiveCount } from "../rules.ts";
import type { Schedule } from "../schedule.ts";
import { linearAxis, logAxis, stepAxis } from "./axes.ts";
import type { Line } from "./chart.ts";
import { drawSvg } from "./draw-svg.ts";
import { drawText } from "./draw-text.ts";

/** Anything whose rates can be asked for: a schedule, or a scheduler, which has one for each parameter group. */
export type Plottable = Schedule | { lrsAt(epoch: number): readonly number[] };

export interface PlotScheduleOptions {
  /** The last step to show; the first is 0. */
  steps: number;
  /** What to write above. */
  title?: string;
  /**
   * A picture for a page, as the text of an SVG file, or one of characters for a terminal.
   * @defaultValue "svg"
   */
  format?: "svg" | "text";
  /** In pixels, or in characters. By default 640 or 72. */
  width?: number | undefined;
  /** In pixels, or in lines. By default 320 or 16. */
  height?: number | undefined;
  /**
   * Whether the rates stand on a logarithmic axis, which has no 0.
   * @defaultValue false
   */
  logScale?: boolean;
}

const text: Rule = (value) => typeof value !== "string" && "a text";

const table: Table<PlotScheduleOptions> = {
  steps: [positiveCount],
  title: [text, ""],
  format: [(value) => oneOf(value, "svg", "text"), "svg"],
  width: [positiveCount, undefined],
  height: [positiveCount, undefined],
  logScale: [flag, false],
};

/**
 * Draw schedules: as an SVG picture with axes and a legend, which reads well on a light page and on a dark one, or in characters.
 *
 * @param schedules - one, or several by name: functions, or schedulers, which stay as they are and get a line for each parameter group
 * @returns the picture, as text
 * @throws {OptionError} if an option is not what it must be, or there is nothing to draw
 * @example
 * const cosine = cosineAnnealingLR({ lr: 0.1, tMax: 100 });
 * const svg = plotSchedule({ cosine, warm: warmup(cosine, { steps: 10 }) }, { steps: 110, title: "Two schedules" });
 * svg.startsWith("<svg"); // => true
 * console.log(plotSchedule(cosine, { steps: 100, format: "text" }));
 */
export function plotSchedule(
  schedules: Plottable | Readonly<Record<string, Plottable>>,
  options: PlotScheduleOptions,
): string {
  const { steps: last, title, format, width, height, logScale } = completeOptions("plotSchedule", options, table);
  const isText = format === "text";
  const size = { width: width ?? (isText ? 72 : 640), height: height ?? (isText ? 16 : 320) };
  // Two points for each pixel or dot, but none between two steps.
  const count = Math.min(last, 2 * size.width);
  const steps = Array.from({ length: count + 1 }, (_, index) => Math.round((index * last) / count));
  const named = isPlottable(schedules) ? { "": schedules } : schedules;
  const lines = Object.entries(named).flatMap(([name, one]) => linesOf(name, one, steps));
  const rates = lines.flatMap((line) => line.rates).filter((rate) => Number.isFinite(rate) && (rate > 0 || !logScale));
  must("plotSchedule", "schedules", () => rates.length === 0 && "some that have rates to show", lines.length);
  const x = stepAxis(last, isText ? 6 : 8);
  const y = logScale ? logAxis(rates) : linearAxis(rates, isText ? 4 : 6);
  return (isText ? drawText : drawSvg)({ title, ...size, steps, lines, x, y });
}

const isPlottable = (one: object): one is Plottable => typeof one === "function" || "lrsAt" in one;

/** One line, or one for each parameter group. */
function linesOf(name: string, one: Plottable, steps: readonly number[]): Line[] {
  const rows = steps.map((step) => (typeof one === "function" ? [one(step)] : one.lrsAt(step)));
  return (rows[0] ?? []).map((_, group, { length }) => ({
    name: length > 1 ? `${name} group ${group}`.trim() : name,
    rates: rows.map((row) => row[group] ?? Number.NaN),
  }));
}
