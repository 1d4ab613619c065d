import { useRef, useState } from "preact/hooks";
import type { Histograms } from "../../src/protocol.ts";
import { shortNumber, wholeNumber } from "../format.ts";
import { ticks } from "./ticks.ts";
import { useWidth } from "./use-width.ts";

/** Room for the axes, in pixels. */
const margin = { top: 8, right: 56, bottom: 24, left: 8 };

/** Histograms one behind the other, the oldest at the back: how a distribution moves. */
export function RidgeChart({
  label,
  colour,
  height,
  histograms,
}: {
  label: string;
  colour: string;
  height: number;
  histograms: Histograms;
}) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [pointed, setPointed] = useState<{ k: number; bin: number } | undefined>(undefined);
  const { low, high, steps } = histograms;
  const inner = { width: Math.max(1, width - margin.left - margin.right), height: height - margin.top - margin.bottom };
  const ridge = inner.height * (steps.length > 1 ? 0.45 : 0.95);
  const bins = steps[0]?.counts.length ?? 1;
  const most = steps.reduce((max, { counts }) => Math.max(max, ...counts), 0) || 1;
  const baseOf = (k: number) =>
    margin.top + ridge + (steps.length > 1 ? (k / (steps.length - 1)) * (inner.height - ridge) : 0);
  const xOf = (bin: number) => margin.left + ((bin + 0.5) / bins) * inner.width;
  const xOfValue = (value: number) => margin.left + (high > low ? (value - low) / (high - low) : 0.5) * inner.width;
  const yOf = (k: number, count: number) => baseOf(k) - (count / most) * ridge;

  const move = (event: PointerEvent & { currentTarget: SVGSVGElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const bin = Math.floor(((event.clientX - box.left - margin.left) / inner.width) * bins);
    const y = event.clientY - box.top;
    // The one in front that reaches up to the pointer.
    const k = steps.findLastIndex(({ counts }, at) => y <= baseOf(at) + 2 && y >= yOf(at, counts[bin] ?? 0) - 3);
    setPointed(k < 0 || bin < 0 || bin >= bins ? undefined : { k, bin });
  };
  const keys = (event: KeyboardEvent): void => {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const from = pointed ?? { k: steps.length - 1, bin: bins >> 1 };
    const within = (value: number, end: number) => Math.min(end - 1, Math.max(0, value));
    setPointed({ k: within(from.k + (way[0] ?? 0), steps.length), bin: within(from.bin + (way[1] ?? 0), bins) });
  };

  const shown = pointed === undefined ? undefined : steps[pointed.k];
  const labelled = spreadLabels(steps.length, Math.floor(inner.height / 26));
  return (
    <div
      class="ridges"
      ref={place}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart has keys of its own, and says so in its label.
      tabIndex={0}
      role="application"
      aria-label={`${label}: arrow keys walk through steps and bins`}
      onKeyDown={keys}
      onBlur={() => setPointed(undefined)}
    >
      <svg
        width={width}
        height={height}
        onPointerMove={move}
        onPointerLeave={() => setPointed(undefined)}
        aria-hidden="true"
      >
        {ticks(low, high, Math.max(2, inner.width / 80)).map((value) => (
          <g key={value} class="axis">
            <line x1={xOfValue(value)} x2={xOfValue(value)} y1={margin.top} y2={margin.top + inner.height} />
            <text x={xOfValue(value)} y={height - 7} text-anchor="middle">
              {shortNumber(value)}
            </text>
          </g>
        ))}
        {steps.map(({ step, counts }, k) => (
          <path
            key={step}
            class={pointed?.k === k ? "ridge pointed" : "ridge"}
            d={`M${xOf(0)},${baseOf(k)}${counts.map((count, bin) => `L${xOf(bin).toFixed(1)},${yOf(k, count).toFixed(1)}`).join("")}L${xOf(bins - 1)},${baseOf(k)}Z`}
            style={{
              fill: `color-mix(in oklch, ${colour} ${Math.round(35 + (65 * (k + 1)) / steps.length)}%, var(--card))`,
            }}
          />
        ))}
        {steps.map(({ step }, k) =>
          labelled.has(k) ? (
            <text key={step} class="axis-label" x={margin.left + inner.width + 6} y={baseOf(k) + 3}>
              {shortNumber(step)}
            </text>
          ) : null,
        )}
        {shown !== undefined && pointed !== undefined && (
          <circle class="ridge-dot" cx={xOf(pointed.bin)} cy={yOf(pointed.k, shown.counts[pointed.bin] ?? 0)} r="3.5" />
        )}
      </svg>
      {shown !== undefined && pointed !== undefined && (
        <div
          class="chart-tip"
          role="status"
          style={xOf(pointed.bin) > width / 2 ? { left: "12px", top: "8px" } : { right: "64px", top: "8px" }}
        >
          <b>step {wholeNumber(shown.step)}</b>
          <span>
            {shortNumber(Math.round(shown.counts[pointed.bin] ?? 0))} values from{" "}
            {shortNumber(low + ((high - low) * pointed.bin) / bins)} to{" "}
            {shortNumber(low + ((high - low) * (pointed.bin + 1)) / bins)}
          </span>
        </div>
      )}
    </div>
  );
}

/** Which of `length` ridges have room for a label. */
function spreadLabels(length: number, room: number): ReadonlySet<number> {
  const every = Math.max(1, Math.ceil(length / Math.max(1, room)));
  return new Set(Array.from({ length }, (_, k) => k).filter((k) => (length - 1 - k) % every === 0));
}
