import type uPlot from "uplot";
import type { Band, Line } from "./plot-range.ts";

interface Place {
  x(value: number): number;
  y(value: number): number;
}

/** Where values are on the canvas, in its pixels. uPlot's own `valToPos` looks the scale up for every point. */
function placeOf(plot: uPlot): Place {
  const { left, top, width, height } = plot.bbox;
  const scale = (name: "x" | "y") => {
    const { min = 0, max = 1, distr } = plot.scales[name] ?? {};
    const log = distr === 3;
    const [low, high] = log ? [Math.log10(min), Math.log10(max)] : [min, max];
    return { low, per: 1 / (high - low || 1), log };
  };
  const [x, y] = [scale("x"), scale("y")];
  return {
    x: (value) => left + (value - x.low) * x.per * width,
    // What has no logarithm is far below.
    y: (value) => top + height - ((y.log ? (value > 0 ? Math.log10(value) : -400) : value) - y.low) * y.per * height,
  };
}

/** Draws bands and curves into the plot's frame. Values that are no numbers leave a gap, marked with a triangle where the curve breaks off. */
export function drawLines(
  plot: uPlot,
  lines: readonly Line[],
  bands: readonly Band[],
  emphasized: string | undefined,
): void {
  const { ctx, bbox } = plot;
  const place = placeOf(plot);
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = "round";
  for (const band of bands) drawBand(ctx, place, band);
  const order = [...lines].sort((a, b) => Number(a.key === emphasized) - Number(b.key === emphasized));
  for (const line of order) {
    const strong = line.key === emphasized;
    ctx.strokeStyle = line.colour;
    ctx.fillStyle = line.colour;
    if (line.raw !== undefined && line.raw !== line.y) {
      ctx.globalAlpha = 0.22;
      ctx.lineWidth = ratio;
      stroke(ctx, place, line.x, line.raw, false);
    }
    ctx.globalAlpha = emphasized === undefined || strong ? 1 : 0.3;
    ctx.lineWidth = (strong ? 2.4 : 1.6) * ratio;
    ctx.setLineDash((line.dash ?? []).map((length) => length * ratio));
    stroke(ctx, place, line.x, line.y, true);
    ctx.setLineDash([]);
  }
  ctx.restore();
}

function stroke(ctx: CanvasRenderingContext2D, place: Place, x: Float64Array, y: Float64Array, marks: boolean): void {
  const ratio = devicePixelRatio;
  ctx.beginPath();
  let run = 0;
  let [px, py] = [0, 0];
  const lone: [number, number][] = [];
  const broken: [number, number][] = [];
  for (let k = 0; k < y.length; k += 1) {
    const value = y[k] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (run === 1) lone.push([px, py]);
      broken.push([place.x(x[k] ?? 0), py || place.y(0)]);
      run = 0;
      continue;
    }
    px = place.x(x[k] ?? 0);
    py = place.y(value);
    if (run === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
    run += 1;
  }
  if (run === 1) lone.push([px, py]);
  ctx.stroke();
  if (!marks) return;
  ctx.beginPath();
  for (const [cx, cy] of lone) {
    ctx.moveTo(cx + 3 * ratio, cy);
    ctx.arc(cx, cy, 3 * ratio, 0, 2 * Math.PI);
  }
  for (const [cx, cy] of broken) {
    ctx.moveTo(cx, cy - 4 * ratio);
    ctx.lineTo(cx + 4 * ratio, cy + 3 * ratio);
    ctx.lineTo(cx - 4 * ratio, cy + 3 * ratio);
    ctx.closePath();
  }
  ctx.fill();
}

function drawBand(ctx: CanvasRenderingContext2D, place: Place, { x, low, high, colour, opacity }: Band): void {
  ctx.beginPath();
  for (let k = 0; k < x.length; k += 1) ctx.lineTo(place.x(x[k] ?? 0), place.y(high[k] ?? 0));
  for (let k = x.length - 1; k >= 0; k -= 1) ctx.lineTo(place.x(x[k] ?? 0), place.y(low[k] ?? 0));
  ctx.closePath();
  ctx.globalAlpha = opacity;
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.globalAlpha = 1;
}
