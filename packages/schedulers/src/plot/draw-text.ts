import { label } from "./axes.ts";
import type { Chart } from "./chart.ts";

/** The bits of a braille character's dots: the four rows of its left column, then of its right. */
const dots = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];

const marks = "●○■□▲△◆◇";

/** The chart in characters: one line in braille dots, which are eight to a character; several with a mark for each. */
export function drawText({ title, width, height, steps, lines, x, y }: Chart): string {
  const labels = new Map(y.ticks.map((tick) => [Math.round((height - 1) * (1 - y.place(tick))), label(tick)]));
  const margin = Math.max(...[...labels.values()].map(({ length }) => length)) + 1;
  const columns = width - margin - 1;
  const isSingle = lines.length === 1;
  const [across, down] = isSingle ? [2, 4] : [1, 1];
  const cells = Array.from({ length: height }, () => Array<string>(columns).fill(" "));
  const mark = (column: number, row: number, index: number): void => {
    const line = cells[Math.floor(row / down)];
    const at = Math.floor(column / across);
    if (!line) return;
    const dot = dots[(row % 4) + 4 * (column % 2)] ?? 0;
    const before = line[at] === " " ? 0x2800 : (line[at]?.charCodeAt(0) ?? 0);
    line[at] = isSingle ? String.fromCharCode(before | dot) : (marks[index % marks.length] ?? " ");
  };
  for (const [index, { rates }] of lines.entries()) {
    const last = columns * across - 1;
    let before = Number.NaN;
    for (let column = 0; column <= last; column++) {
      const at = Math.round(((steps.length - 1) * column) / last);
      const row = Math.round((height * down - 1) * (1 - y.place(rates[at] ?? Number.NaN)));
      // Down or up to where the next column is, so that the line has no gaps.
      const from = Number.isNaN(before) ? row : before + Math.sign(row - before);
      for (let each = Math.min(from, row); each <= Math.max(from, row); each++) mark(column, each, index);
      before = row;
    }
  }
  const axis = cells.map((line, row) => {
    const name = labels.get(row);
    return `${(name ?? "").padStart(margin - 1)} ${name === undefined ? "│" : "┤"}${line.join("")}`;
  });
  let below = "";
  for (const tick of x.ticks) {
    const name = label(tick);
    const middle = margin + 1 + Math.round((columns - 1) * x.place(tick));
    const start = Math.min(middle - Math.floor(name.length / 2), width - name.length);
    if (start > below.length || !below) below = below.padEnd(start) + name;
  }
  const legend = lines
    .filter(({ name }) => name)
    .map(({ name }, index) => (isSingle ? name : `${marks[index % marks.length]} ${name}`));
  return [title, legend.join("   "), ...axis, `${" ".repeat(margin)}└${"─".repeat(columns)}`, below]
    .filter(Boolean)
    .map((line) => line.trimEnd())
    .join("\n");
}
