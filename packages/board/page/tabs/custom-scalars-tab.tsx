import { useMemo } from "preact/hooks";
import type { RunLayout, TagInfo } from "../../src/protocol.ts";
import { LineChart } from "../charts/line-chart.tsx";
import type { Band, Line } from "../charts/plot-range.ts";
import { askJson } from "../load/api.ts";
import { fromBase64 } from "../load/base64.ts";
import { loadScalars, type Points } from "../load/scalars.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { type CardView, ChartCard } from "../parts/chart-card.tsx";
import { Empty } from "../parts/empty.tsx";
import { tagsOf } from "../state/catalog.ts";
import { pattern, shownSeries } from "../state/selection.ts";
import { dark, ignoreOutliers, smoothing, xAxis } from "../state/settings.ts";
import { type Category, type CustomChart, readLayout } from "./read-layout.ts";
import { lineOf } from "./scalars-tab.tsx";

export function CustomScalarsTab() {
  const tags = tagsOf("customScalars");
  const layouts = useLoaded(JSON.stringify(tags), (signal) => askJson<RunLayout[]>("layouts", {}, signal)).value;
  const categories = useMemo(() => (layouts ?? []).flatMap(categoriesOf), [layouts]);
  if (tags.length === 0) {
    return (
      <Empty
        title="No custom charts yet"
        code={`writer.addCustomScalars({ training: { losses: ["Multiline", ["loss/.*"]] } });`}
      >
        Say which tags belong into one chart, and it appears here.
      </Empty>
    );
  }
  return (
    <>
      {categories.map((category, k) => (
        <details class="group" key={`${category.title} ${k}`} open={!category.closed}>
          <summary>
            {category.title} <span class="count">{category.charts.length}</span>
          </summary>
          <div class="cards">
            {category.charts.map((chart, at) => (
              <ChartCard key={`${chart.title} ${at}`} title={chart.title} heights={[260, 420]}>
                {(view) => <CustomPlot chart={chart} {...view} />}
              </ChartCard>
            ))}
          </div>
        </details>
      ))}
    </>
  );
}

/** A damaged layout says nothing. */
function categoriesOf({ layout }: RunLayout): Category[] {
  try {
    return readLayout(fromBase64(layout));
  } catch {
    return [];
  }
}

interface CustomPlotProps extends CardView {
  readonly chart: CustomChart;
}

function CustomPlot({ chart, height, zoom, onZoom }: CustomPlotProps) {
  const axis = xAxis.value;
  const scalars = tagsOf("scalars");
  const matching = scalars.filter(({ tag }) => chart.multiline.some((text) => pattern(`^(?:${text})$`)?.test(tag)));
  const named = (name: string) => scalars.filter(({ tag }) => tag === name);
  const edges = chart.margin.flatMap(({ value, lower, upper }) => [...named(value), ...named(lower), ...named(upper)]);
  const tags = [...new Set([...matching, ...edges])];
  const weight = chart.margin.length > 0 ? 0 : smoothing.value;
  const key = `${axis} ${weight} ${zoom?.x} ${tags.map((tag) => `${tag.tag}:${shownSeries(tag).map(({ run, revision }) => `${run.id}.${revision}`)}`)}`;
  const load = async (tag: TagInfo, signal: AbortSignal) => {
    const runs = shownSeries(tag).map(({ run }) => run.id);
    const query = { tag: tag.tag, axis, range: zoom?.x, points: 300, smoothing: weight };
    return [tag.tag, runs.length > 0 ? await loadScalars(query, runs, signal) : []] as const;
  };
  const loaded = useLoaded(
    key,
    async (signal) => new Map(await Promise.all(tags.map((tag) => load(tag, signal)))),
  ).value;
  const { lines, bands } = useMemo(
    () => drawingOf(chart, loaded ?? new Map(), axis),
    [chart, loaded, axis, dark.value],
  );
  if (tags.length === 0)
    return <p class="faint">No scalar has a tag that this chart asks for: {chart.multiline.join(", ")}.</p>;
  return (
    <LineChart
      label={chart.title}
      lines={lines}
      bands={bands}
      xKind={axis}
      ignoreOutliers={ignoreOutliers.value}
      height={height}
      zoom={zoom}
      onZoom={onZoom}
    />
  );
}

/** The colour tells the run, so the dashes tell the tag. */
const dashes = [[], [6, 4], [2, 3], [9, 3, 2, 3]] as const;

function drawingOf(
  { margin }: CustomChart,
  loaded: ReadonlyMap<string, readonly Points[]>,
  axis: "step" | "relative" | "wall",
): { lines: Line[]; bands: Band[] } {
  const tags = [...loaded.keys()];
  const line = (tag: string, points: Points): Line => {
    const drawn = lineOf(points, axis);
    const dash = dashes[tags.indexOf(tag) % dashes.length] ?? [];
    return {
      ...drawn,
      key: `${tag} ${points.id}`,
      label: `${drawn.label} ${tag}`,
      dash: margin.length === 0 ? dash : [],
    };
  };
  if (margin.length === 0)
    return { bands: [], lines: [...loaded].flatMap(([tag, each]) => each.map((points) => line(tag, points))) };
  const lines = margin.flatMap(({ value }) => (loaded.get(value) ?? []).map((points) => line(value, points)));
  const bands = margin.flatMap(({ lower, upper }) =>
    (loaded.get(lower) ?? []).flatMap((low): Band[] => {
      const high = loaded.get(upper)?.find(({ id }) => id === low.id);
      if (high === undefined) return [];
      const { colour, x } = lineOf(low, axis);
      // The two may be thinned differently: what is drawn is at the lower one's places.
      return [{ colour, opacity: 0.2, x, low: low.values, high: atSteps(high, low.steps) }];
    }),
  );
  return { lines, bands };
}

/** The values of `points` at some steps, or at the step before each. */
function atSteps(points: Points, steps: Float64Array): Float64Array {
  let k = 0;
  return steps.map((step) => {
    while (k + 1 < points.steps.length && (points.steps[k + 1] ?? 0) <= step) k += 1;
    return points.values[k] ?? Number.NaN;
  });
}
