import { label } from "./axes.ts";
import type { Chart, Line } from "./chart.ts";

// Dark enough for a light page and light enough for a dark one, in an order that keeps neighbours apart.
const colors = ["#3b82f6", "#ea7317", "#16a34a", "#e5484d", "#a855f7", "#0d9488", "#ec4899", "#a16207"];
const grey = "#808890";
/** About the width of a character; only the page knows it exactly. */
const character = 7;

const colorOf = (index: number): string => colors[index % colors.length] ?? grey;
const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const text = (x: number, y: number, content: string, anchor = "middle", more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;

const path = (points: string, color: string, more: string): string =>
  `<path d="${points}" fill="none" stroke="${color}" ${more}/>`;

/** The chart as the text of an SVG file that needs nothing else. */
export function drawSvg({ title, width, height, steps, lines, x, y }: Chart): string {
  const legend = legendOf(lines, title ? 46 : 20, width);
  const left = 34 + character * Math.max(...y.ticks.map((tick) => label(tick).length));
  const [top, right, bottom] = [legend.bottom, width - 24, height - 42];
  const across = (step: number): number => round(left + (right - left) * x.place(step));
  const up = (rate: number): number => round(bottom - (bottom - top) * y.place(rate));
  const parts = [
    ...(title ? [text(width / 2, 22, title, "middle", ' font-size="14" font-weight="600"')] : []),
    ...legend.parts,
    ...y.ticks.flatMap((tick, index) => [
      path(`M${left} ${up(tick)}H${right}`, grey, `stroke-opacity="${index === 0 ? 0.9 : 0.25}"`),
      text(left - 8, up(tick) + 4, label(tick), "end"),
    ]),
    ...x.ticks.flatMap((tick) => [
      path(`M${across(tick)} ${bottom}v5`, grey, 'stroke-opacity="0.9"'),
      text(across(tick), bottom + 18, label(tick)),
    ]),
    text((left + right) / 2, height - 7, "step"),
    text(16, (top + bottom) / 2, "learning rate", "middle", ` transform="rotate(-90 16 ${round((top + bottom) / 2)})"`),
    ...lines.map(({ rates }, index) => {
      let [points, pen] = ["", "M"];
      for (const [at, rate] of rates.entries()) {
        const height = up(rate);
        // A rate without a place on the axis leaves a gap.
        if (!Number.isNaN(height)) points += `${pen}${across(steps[at] ?? Number.NaN)} ${height}`;
        pen = Number.isNaN(height) ? "M" : "L";
      }
      return path(points, colorOf(index), 'stroke-width="2" stroke-linejoin="round" stroke-linecap="round"');
    }),
  ];
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const style = `font-family="system-ui, sans-serif" font-size="12" fill="${grey}"`;
  const name = `role="img" aria-label="${escaped(title || "Learning rate by step")}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style} ${name}>\n${parts.join("\n")}\n</svg>\n`;
}

/** A key of colors in as many rows as it takes, and where the chart may begin below it. */
function legendOf(lines: readonly Line[], first: number, width: number): { parts: string[]; bottom: number } {
  const named = lines.filter(({ name }) => name !== "");
  if (named.length === 0) return { parts: [], bottom: first - 6 };
  const slot = 44 + character * Math.max(...named.map(({ name }) => name.length));
  const perRow = Math.max(1, Math.floor((width - 24) / slot));
  const parts = named.flatMap(({ name }, index) => {
    const [x, y] = [24 + slot * (index % perRow), first + 18 * Math.floor(index / perRow)];
    return [path(`M${round(x)} ${y - 4}h18`, colorOf(index), 'stroke-width="3"'), text(x + 24, y, name, "start")];
  });
  return { parts, bottom: first + 18 * Math.floor((named.length - 1) / perRow) + 14 };
}
