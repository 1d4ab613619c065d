import type uPlot from "uplot";
import { duration, shortNumber } from "../format.ts";

/** What is measured along x. */
export type XKind = "step" | "relative" | "wall" | "number";

/** Steps between the marks of an axis of seconds. */
const timeSteps = [
  1e-3, 1e-2, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
  172_800, 604_800,
];

/** How an axis looks. */
export function chartAxis(side: "x" | "y", kind: XKind, isDark: boolean): uPlot.Axis {
  const line = isDark ? "#30363d" : "#e4e7eb";
  const font = "11px system-ui, sans-serif";
  const shared = {
    stroke: isDark ? "#9aa4b0" : "#5d6875",
    font,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  if (side === "y") {
    return {
      ...shared,
      size: 52,
      gap: 4,
      values: (_, splits) => splits.map((value) => (value === null ? "" : shortNumber(value))),
    };
  }
  if (kind === "wall") return { ...shared, size: 38, space: 70 };
  const values = (_: uPlot, splits: number[]) => splits.map(kind === "relative" ? duration : axisNumber);
  return { ...shared, size: 24, space: 70, values, ...(kind === "relative" && { incrs: timeSteps }) };
}

/** 12000 is 12k: steps get long. */
function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return shortNumber(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  return size >= 1e4 ? `${Number((value / 1e3).toPrecision(4))}k` : shortNumber(value);
}
