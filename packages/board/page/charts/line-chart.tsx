import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { dark } from "../state/settings.ts";
import { chartAxis, type XKind } from "./chart-axes.ts";
import { chartKey, type Zoom } from "./chart-keys.ts";
import { ChartTip, type Tip, tipAt } from "./chart-tip.tsx";
import { drawEmphasis, drawLines } from "./draw-lines.ts";
import { type Band, type Line, type Range, xRangeOf, yRangeOf } from "./plot-range.ts";
import { useWidth } from "./use-width.ts";

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

const noBands: readonly Band[] = [];

/** Curves in a frame: drag to zoom, double-click to see all; arrow keys walk along the points, + and - zoom, 0 or Escape shows all. */
export function LineChart(props: LineChartProps) {
  const { label, lines, bands = noBands, xKind, logY = false, ignoreOutliers = false, height, zoom, onZoom } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const overlay = useRef<HTMLCanvasElement | undefined>(undefined);
  const width = useWidth(frame);
  // Changes with every move of the pointer, so the chart itself does not read it.
  const tip = useSignal<Tip | undefined>(undefined);

  const whole = useMemo(() => props.xRange ?? xRangeOf(lines), [lines, props.xRange]);
  const x = zoom?.x ?? whole;
  const fitted = useMemo(
    () => props.yRange ?? yRangeOf(lines, bands, x, { log: logY, ignoreOutliers }),
    [lines, bands, x[0], x[1], logY, ignoreOutliers, props.yRange],
  );
  const y = zoom?.y ?? fitted;
  // uPlot asks and draws when it likes, with what is true then.
  const shown = { lines, bands, zoom, onZoom, x, y, whole };
  const now = useRef(shown);
  now.current = shown;

  const emphasize = (): void => {
    const nearest = tip.value?.rows[0]?.key;
    const { lines } = now.current;
    const key = lines.length > 1 ? nearest : undefined;
    const halo = getComputedStyle(document.documentElement).getPropertyValue("--card");
    if (plot.current === undefined || overlay.current === undefined) return;
    drawEmphasis(
      plot.current,
      overlay.current,
      lines.find((line) => line.key === key),
      halo,
    );
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
              now.current.onZoom(undefined);
              return null;
            },
          },
        },
        scales: {
          x: { time: xKind === "wall", range: () => [...now.current.x] },
          y: { distr: logY ? 3 : 1, range: () => [...now.current.y] },
        },
        axes: [chartAxis("x", xKind, darkNow), chartAxis("y", "number", darkNow)],
        series: [{}, {}],
        hooks: {
          draw: [
            (u) => {
              drawLines(u, now.current.lines, now.current.bands);
              emphasize();
            },
          ],
          setCursor: [
            (u) => {
              tip.value = tipAt(u, now.current.lines, xKind);
            },
          ],
          setSelect: [
            (u) => {
              const selected = selectedIn(u, now.current.x);
              if (selected === undefined) return;
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              now.current.onZoom(selected);
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
    const canvas = document.createElement("canvas");
    canvas.className = "chart-emphasis";
    made.ctx.canvas.after(canvas);
    plot.current = made;
    overlay.current = canvas;
    return () => {
      plot.current = undefined;
      overlay.current = undefined;
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
  }, [lines, bands, x[0], x[1], y[0], y[1], width > 0, logY, xKind, darkNow]);
  useSignalEffect(emphasize);

  const keys = (event: KeyboardEvent): void => {
    if (plot.current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (chartKey(event.key, plot.current, now.current)) event.preventDefault();
  };
  return (
    <div
      class="chart"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart has keys of its own, and says so in its label.
      tabIndex={0}
      role="application"
      aria-label={`${label}: arrow keys walk along the points, plus and minus zoom, 0 shows all`}
      onKeyDown={keys}
      onBlur={() => {
        tip.value = undefined;
      }}
    >
      <div class="chart-frame" ref={frame} style={{ height: `${height}px` }} />
      <TipLayer tip={tip} width={width} height={height} />
    </div>
  );
}

function TipLayer({ tip, width, height }: { tip: Signal<Tip | undefined>; width: number; height: number }) {
  return tip.value === undefined ? null : <ChartTip tip={tip.value} width={width} height={height} />;
}

/** The ranges that were drawn with the pointer; undefined if it hardly moved. */
function selectedIn(u: uPlot, x: Range): Zoom | undefined {
  const { left, top, width, height } = u.select;
  const full = u.over.getBoundingClientRect();
  const wide = width >= 3 && width < full.width - 1;
  const tall = height >= 3 && height < full.height - 1;
  if (!wide && !tall) return undefined;
  return {
    x: wide ? [u.posToVal(left, "x"), u.posToVal(left + width, "x")] : x,
    y: tall ? [u.posToVal(top + height, "y"), u.posToVal(top, "y")] : undefined,
  };
}
