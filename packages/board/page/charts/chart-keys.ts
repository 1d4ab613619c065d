import type uPlot from "uplot";
import type { Line, Range } from "./plot-range.ts";

/** What a chart shows of its whole. */
export interface Zoom {
  readonly x: Range;
  /** As the curves need where it is missing. */
  readonly y: Range | undefined;
}

interface Shown {
  readonly lines: readonly Line[];
  readonly zoom: Zoom | undefined;
  readonly onZoom: (zoom: Zoom | undefined) => void;
  readonly x: Range;
  readonly whole: Range;
}

/** Does what a key says: arrows walk along the points of the longest curve, + and - zoom, 0 and Escape show all. False if it says nothing. */
export function chartKey(key: string, u: uPlot, { lines, zoom, onZoom, x, whole }: Shown): boolean {
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const longest = lines.reduce<Line | undefined>(
      (a, b) => (a === undefined || b.x.length > a.x.length ? b : a),
      undefined,
    );
    if (longest === undefined) return false;
    const left = u.cursor.left ?? -1;
    const at = left < 0 ? x[0] : u.posToVal(left, "x");
    const tolerance = (x[1] - x[0]) * 1e-6;
    const next =
      key === "ArrowRight"
        ? longest.x.find((value) => value > at + tolerance)
        : longest.x.findLast((value) => value < at - tolerance);
    if (next === undefined) return true;
    const k = longest.x.indexOf(next);
    u.setCursor({ left: u.valToPos(next, "x"), top: u.valToPos(longest.y[k] ?? 0, "y") });
    return true;
  }
  if (key === "0" || key === "Escape") {
    if (zoom === undefined && key === "Escape") return false;
    onZoom(undefined);
    return true;
  }
  if (key !== "+" && key !== "=" && key !== "-") return false;
  const left = u.cursor.left ?? -1;
  const centre = left < 0 ? (x[0] + x[1]) / 2 : u.posToVal(left, "x");
  const factor = key === "-" ? 2 : 0.5;
  const low = Math.max(whole[0], centre - (centre - x[0]) * factor);
  const high = Math.min(whole[1], centre + (x[1] - centre) * factor);
  onZoom(low <= whole[0] && high >= whole[1] ? undefined : { x: [low, high], y: undefined });
  return true;
}
