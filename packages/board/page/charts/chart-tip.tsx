import type uPlot from "uplot";
import { dateTime, duration, shortNumber, wholeNumber } from "../format.ts";
import type { XKind } from "./chart-axes.ts";
import type { Line } from "./plot-range.ts";

interface TipRow {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  readonly value: number;
  readonly raw: number | undefined;
  readonly note: string;
  /** Pixels within the frame. */
  readonly left: number;
  readonly top: number;
  readonly distance: number;
}

/** What is under the pointer: of each curve the nearest point, the nearest curve first. */
export interface Tip {
  readonly title: string;
  readonly rows: readonly TipRow[];
  /** Curves beside those in `rows`. */
  readonly more: number;
  readonly left: number;
  readonly top: number;
}

/** Rows that one can read at a glance. */
const mostRows = 7;

export function tipAt(plot: uPlot, lines: readonly Line[], kind: XKind): Tip | undefined {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0 || lines.length === 0) return undefined;
  const wanted = plot.posToVal(left, "x");
  const frame = { left: plot.bbox.left / devicePixelRatio, top: plot.bbox.top / devicePixelRatio };
  const height = plot.bbox.height / devicePixelRatio;
  const rows = lines.flatMap((line): (TipRow & { x: number })[] => {
    const k = nearest(line.x, wanted);
    const [x, value] = [line.x[k], line.y[k]];
    if (x === undefined || value === undefined) return [];
    const at = plot.valToPos(x, "x");
    const y = Number.isFinite(value) ? plot.valToPos(value, "y") : height;
    return [
      {
        key: line.key,
        label: line.label,
        colour: line.colour,
        value,
        raw: line.raw === undefined || line.raw === line.y ? undefined : line.raw[k],
        note: line.note?.(k) ?? "",
        left: at + frame.left,
        top: Math.min(height, Math.max(0, y)) + frame.top,
        distance: Math.abs(y - top) + Math.abs(at - left) * 0.3,
        x,
      },
    ];
  });
  rows.sort((a, b) => a.distance - b.distance);
  const x = rows[0]?.x ?? wanted;
  const title =
    kind === "wall"
      ? dateTime(x)
      : kind === "relative"
        ? duration(x)
        : kind === "step"
          ? `step ${wholeNumber(x)}`
          : shortNumber(x);
  return {
    title,
    rows: rows.slice(0, mostRows),
    more: Math.max(0, rows.length - mostRows),
    left: left + frame.left,
    top: top + frame.top,
  };
}

/** The index of the x nearest to `wanted`. */
function nearest(x: Float64Array, wanted: number): number {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - (x[low - 1] ?? 0) < (x[low] ?? 0) - wanted ? low - 1 : low;
}

export function ChartTip({ tip, width, height }: { tip: Tip; width: number; height: number }) {
  const right = tip.left > width * 0.45;
  const side = right ? { right: `${width - tip.left + 16}px` } : { left: `${tip.left + 16}px` };
  return (
    <>
      {tip.rows.map(({ key, left, top, colour }) => (
        <i key={key} class="chart-dot" style={{ left: `${left}px`, top: `${top}px`, background: colour }} />
      ))}
      <div class="chart-tip" role="status" style={{ ...side, top: `${Math.min(tip.top, height * 0.4)}px` }}>
        <b>{tip.title}</b>
        <table>
          <tbody>
            {tip.rows.map(({ key, label, colour, value, raw, note }, k) => (
              <tr key={key} class={k === 0 && tip.rows.length > 1 ? "nearest" : ""}>
                <td>
                  <i class="swatch" style={{ background: colour }} />
                </td>
                <td class="name">{label}</td>
                <td class="number">{shortNumber(value)}</td>
                {raw !== undefined && <td class="number faint">{shortNumber(raw)}</td>}
                {note !== "" && <td class="faint">{note}</td>}
              </tr>
            ))}
          </tbody>
        </table>
        {tip.more > 0 && <span class="faint">and {tip.more} more</span>}
      </div>
    </>
  );
}
