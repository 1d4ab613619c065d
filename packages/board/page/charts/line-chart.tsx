import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { duration, shortNumber } from "../format.ts";
import { dark } from "../state/settings.ts";
import { ChartTip, type Tip, tipAt } from "./chart-tip.tsx";
import { drawLines } from "./draw-lines.ts";
import { type Band, type Line, type Range, xRangeOf, yRangeOf } from "./plot-range.ts";
import { useWidth } from "./use-width.ts";

/** What is measured along x. */
export type XKind = "step" | "relative" | "wall" | "number";

export interface Zoom {
  readonly x: Range;
  readonly y: Range | undefined;
}

export interface LineChartProps {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly xKind: XKind;
  readonly logY?: boolean;
  readonly ignoreOutliers?: boolean;
  /** Pixels. */
  readonly height: number;
  readonly zoom: Zoom | undefined;
  readonly onZoom: (zoom: Zoom | undefined) => void;
  /** Told the width of the frame, in pixels, when it changes. */
  readonly onWidth?: (width: number) => void;
  /** The whole ranges, where they do not follow from the lines. */
  readonly xRange?: Range;
  readonly yRange?: Range;
}

const timeSteps = [
  1e-3, 1e-2, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
  172_800, 604_800,
];

/** Curves in a frame: drag to zoom, double-click to see all; arrow keys walk along the points, + and - zoom, 0 or Escape shows all. */
export function LineChart(props: LineChartProps) {
  const { label, lines, bands = [], xKind, logY = false, ignoreOutliers = false, height, zoom } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const width = useWidth(frame);
  const [tip, setTip] = useState<Tip | undefined>(undefined);
  const whole = props.xRange ?? xRangeOf(lines);
  const x = zoom?.x ?? whole;
  const y = zoom?.y ?? props.yRange ?? yRangeOf(lines, bands, x, { log: logY, ignoreOutliers });
  // uPlot asks and draws when it likes, with what is true then.
  const now = useRef({ props, bands, x, y, whole, emphasized: tip?.rows[0]?.key });
  now.current = {
    props,
    bands,
    x,
    y,
    whole,
    emphasized: tip !== undefined && lines.length > 1 ? tip.rows[0]?.key : undefined,
  };

  const darkNow = dark.value;
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || width === 0) return;
    const made = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [8, 8, 0, 0],
        cursor: {
          points: { show: false },
          drag: { setScale: false, x: true, y: true, uni: 24 },
          bind: {
            dblclick: () => () => {
              now.current.props.onZoom(undefined);
              return null;
            },
          },
        },
        scales: {
          x: { time: xKind === "wall", range: () => [...now.current.x] },
          y: { distr: logY ? 3 : 1, range: () => [...now.current.y] },
        },
        axes: [axis("x", xKind, darkNow), axis("y", "number", darkNow)],
        series: [{}, {}],
        hooks: {
          draw: [(u) => drawLines(u, now.current.props.lines, now.current.bands, now.current.emphasized)],
          setCursor: [(u) => setTip(tipAt(u, now.current.props.lines, xKind))],
          setSelect: [
            (u) => {
              const { left, top, width, height } = u.select;
              if (width < 3 && height < 3) return;
              const full = u.over.getBoundingClientRect();
              const wide = width >= 3 && width < full.width - 1;
              const tall = height >= 3 && height < full.height - 1;
              now.current.props.onZoom({
                x: wide ? [u.posToVal(left, "x"), u.posToVal(left + width, "x")] : now.current.x,
                y: tall ? [u.posToVal(top + height, "y"), u.posToVal(top, "y")] : undefined,
              });
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [
        [0, 1],
        [null, null],
      ],
      element,
    );
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [width > 0, xKind, logY, darkNow]);

  useLayoutEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    if (width > 0) props.onWidth?.(width);
  }, [width]);

  useLayoutEffect(() => {
    plot.current?.setData([[...x], [null, null]]);
  }, [x[0], x[1], y[0], y[1], width > 0, logY, xKind, darkNow]);
  useLayoutEffect(() => {
    plot.current?.redraw(false);
  }, [lines, bands, now.current.emphasized]);

  const keys = (event: KeyboardEvent): void => {
    const u = plot.current;
    if (u === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = onKey(event.key, u, now.current, lines);
    if (done) event.preventDefault();
  };
  return (
    <div
      class="chart"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart has keys of its own, and says so in its label.
      tabIndex={0}
      role="application"
      aria-label={`${label}: arrow keys walk along the points, plus and minus zoom, 0 shows all`}
      onKeyDown={keys}
      onBlur={() => setTip(undefined)}
    >
      <div class="chart-frame" ref={frame} style={{ height: `${height}px` }} />
      {tip !== undefined && <ChartTip tip={tip} width={width} height={height} />}
    </div>
  );
}

function onKey(
  key: string,
  u: uPlot,
  { props, x, whole }: { props: LineChartProps; x: Range; whole: Range },
  lines: readonly Line[],
): boolean {
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
    if (props.zoom === undefined && key === "Escape") return false;
    props.onZoom(undefined);
    return true;
  }
  if (key !== "+" && key !== "=" && key !== "-") return false;
  const left = u.cursor.left ?? -1;
  const centre = left < 0 ? (x[0] + x[1]) / 2 : u.posToVal(left, "x");
  const factor = key === "-" ? 2 : 0.5;
  const low = Math.max(whole[0], centre - (centre - x[0]) * factor);
  const high = Math.min(whole[1], centre + (x[1] - centre) * factor);
  props.onZoom(low <= whole[0] && high >= whole[1] ? undefined : { x: [low, high], y: undefined });
  return true;
}

function axis(side: "x" | "y", kind: XKind, isDark: boolean): uPlot.Axis {
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
