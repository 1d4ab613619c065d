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

/** Beyond so many curves, what lies behind their averages would only be a mist, and slow. */
const mostRaw = 30;

/** Draws bands and curves into the plot's frame. Values that are no numbers leave a gap, marked with a triangle where the curve breaks off. */
export function drawLines(plot: uPlot, lines: readonly Line[], bands: readonly Band[]): void {
  const { ctx } = plot;
  const place = placeOf(plot);
  clipped(plot, ctx, () => {
    for (const band of bands) drawBand(ctx, place, band);
    if (lines.length <= mostRaw) {
      ctx.globalAlpha = 0.22;
      ctx.lineWidth = devicePixelRatio;
      for (const { colour, x, raw } of lines) {
        if (raw !== undefined) stroke(ctx, place, colour, x, raw);
      }
      ctx.globalAlpha = 1;
    }
    // A line of one pixel is drawn six times as fast as a wider one, where no graphics card does it.
    ctx.lineWidth = (lines.length > mostRaw ? 1 : 1.6) * devicePixelRatio;
    for (const line of lines) drawLine(ctx, place, line);
  });
}

/** Draws one curve over the others, into a canvas that lies on the plot's. */
export function drawEmphasis(plot: uPlot, canvas: HTMLCanvasElement, line: Line | undefined, halo: string): void {
  const { width, height } = plot.ctx.canvas;
  // Setting the size clears, even to the same.
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d");
  if (ctx === null || line === undefined) return;
  const place = placeOf(plot);
  clipped(plot, ctx, () => {
    ctx.globalAlpha = 0.8;
    ctx.lineWidth = 5 * devicePixelRatio;
    drawLine(ctx, place, { ...line, colour: halo });
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2.4 * devicePixelRatio;
    drawLine(ctx, place, line);
  });
}

function clipped({ bbox }: uPlot, ctx: CanvasRenderingContext2D, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = "round";
  draw();
  ctx.restore();
}

function drawLine(ctx: CanvasRenderingContext2D, place: Place, { colour, x, y, dash = [] }: Line): void {
  const ratio = devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * ratio));
  const { lone, broken } = stroke(ctx, place, colour, x, y);
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
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

/** Places that want a mark, in pixels: points without neighbours, and where the curve breaks off. */
interface Marks {
  readonly lone: [number, number][];
  readonly broken: [number, number][];
}

function stroke(ctx: CanvasRenderingContext2D, place: Place, colour: string, x: Float64Array, y: Float64Array): Marks {
  ctx.strokeStyle = colour;
  ctx.beginPath();
  let run = 0;
  let [px, py] = [0, 0];
  const marks: Marks = { lone: [], broken: [] };
  for (let k = 0; k < y.length; k += 1) {
    const value = y[k] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (run === 1) marks.lone.push([px, py]);
      marks.broken.push([place.x(x[k] ?? 0), py || place.y(0)]);
      run = 0;
      continue;
    }
    const [nx, ny] = [place.x(x[k] ?? 0), place.y(value)];
    if (run === 0) ctx.moveTo(nx, ny);
    // Less than half a pixel is not seen, and there may be many of them.
    else if (Math.abs(nx - px) + Math.abs(ny - py) < 0.5 && k < y.length - 1) continue;
    else ctx.lineTo(nx, ny);
    [px, py] = [nx, ny];
    run += 1;
  }
  if (run === 1) marks.lone.push([px, py]);
  ctx.stroke();
  return marks;
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
