import { useMemo, useRef } from "preact/hooks";
import { useWidth } from "../charts/use-width.ts";
import { rampColour } from "../colours.ts";
import { dark } from "../state/settings.ts";
import { columnScale } from "./column-scale.ts";
import type { Column, Trial } from "./trials.ts";

interface ParallelCoordinatesProps {
  readonly columns: readonly Column[];
  readonly trials: readonly Trial[];
  /** The column whose value is the lines' colour. */
  readonly colourBy: string;
  readonly pointed: number | undefined;
  readonly onPoint: (run: number | undefined) => void;
}

const height = 300;
const margin = { top: 34, bottom: 16, side: 60 };

/** One vertical axis per column, one line per trial. */
export function ParallelCoordinates({ columns, trials, colourBy, pointed, onPoint }: ParallelCoordinatesProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const scales = useMemo(
    () =>
      new Map(
        columns.map(({ key }) => [
          key,
          columnScale(
            trials.flatMap(({ values }) => {
              const value = values.get(key);
              return value === undefined ? [] : [value];
            }),
          ),
        ]),
      ),
    [columns, trials],
  );
  const full = Math.max(width, 2 * margin.side + (columns.length - 1) * 110);
  const xOf = (k: number) =>
    margin.side + (columns.length > 1 ? (k / (columns.length - 1)) * (full - 2 * margin.side) : 0);
  const yOf = (share: number) => height - margin.bottom - share * (height - margin.top - margin.bottom);
  const shareOf = ({ values }: Trial, key: string) => {
    const value = values.get(key);
    return value === undefined ? undefined : scales.get(key)?.at(value);
  };
  const ordered = [...trials].sort((a, b) => Number(a.run.id === pointed) - Number(b.run.id === pointed));
  return (
    <div class="parallel" ref={place}>
      <svg
        width={full}
        height={height}
        role="img"
        aria-label="Parallel coordinates: one line per run through its hyperparameters and metrics; the table below has the same values"
      >
        {ordered.map((trial) => {
          const points = columns.flatMap(({ key }, k) => {
            const share = shareOf(trial, key);
            return share === undefined ? [] : `${xOf(k).toFixed(1)},${yOf(share).toFixed(1)}`;
          });
          const colour = rampColour(shareOf(trial, colourBy) ?? 0, dark.value);
          const state = pointed === undefined ? "" : pointed === trial.run.id ? " pointed" : " dimmed";
          return (
            <g
              key={trial.run.id}
              class={`trial${state}`}
              onPointerEnter={() => onPoint(trial.run.id)}
              onPointerLeave={() => onPoint(undefined)}
            >
              <polyline class="reach" points={points.join(" ")} />
              <polyline points={points.join(" ")} style={{ stroke: colour }} />
            </g>
          );
        })}
        {columns.map(({ key, label, metric }, k) => (
          <g key={key} class="axis">
            <line x1={xOf(k)} x2={xOf(k)} y1={margin.top} y2={height - margin.bottom} />
            <text class={metric ? "name metric" : "name"} x={xOf(k)} y={16} text-anchor="middle">
              {label.length > 18 ? `${label.slice(0, 17)}…` : label}
              <title>{label}</title>
            </text>
            {scales.get(key)?.ticks.map((tick) => (
              <text key={tick.label} class="tick" x={xOf(k) + 6} y={yOf(tick.at) + 4}>
                {tick.label.length > 14 ? `${tick.label.slice(0, 13)}…` : tick.label}
              </text>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}
