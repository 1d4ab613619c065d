import { useMemo, useState } from "preact/hooks";
import type { TagInfo, XAxis } from "../../src/protocol.ts";
import { LineChart } from "../charts/line-chart.tsx";
import type { Line } from "../charts/plot-range.ts";
import type { Points } from "../load/scalars.ts";
import { useScalars } from "../load/use-scalars.ts";
import { Tool, titleOf } from "../parts/card.tsx";
import { type CardView, ChartCard } from "../parts/chart-card.tsx";
import { Empty } from "../parts/empty.tsx";
import { LogIcon } from "../parts/icons.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { runs } from "../state/catalog.ts";
import { colourOf, runLabel, shownSeries } from "../state/selection.ts";
import { dark, ignoreOutliers, smoothing, xAxis } from "../state/settings.ts";

export function ScalarsTab() {
  return (
    <TagGroups kind="scalars" empty={<NoScalars />}>
      {(tag) => <ScalarCard key={tag.tag} tag={tag} />}
    </TagGroups>
  );
}

function NoScalars() {
  return (
    <Empty
      title="No scalars yet"
      code={`import { SummaryWriter } from "@anneal/summary";

const writer = new SummaryWriter("runs/first");
writer.addScalar("loss/train", loss, step);`}
    >
      Log a number per step, and its curve appears here while the training runs.
    </Empty>
  );
}

function ScalarCard({ tag }: { tag: TagInfo }) {
  const [log, setLog] = useState(false);
  const tools = <Tool label="Logarithmic y axis" icon={<LogIcon />} pressed={log} onClick={() => setLog(!log)} />;
  return (
    <ChartCard title={titleOf(tag)} hint={tag.description || tag.tag} heights={[230, 420]} tools={tools}>
      {(view) => <ScalarChart tag={tag} log={log} {...view} />}
    </ChartCard>
  );
}

interface ScalarChartProps extends CardView {
  readonly tag: TagInfo;
  readonly log: boolean;
}

function ScalarChart({ tag, height, log, zoom, onZoom }: ScalarChartProps) {
  const [width, setWidth] = useState(400);
  const axis = xAxis.value;
  const shown = shownSeries(tag);
  const points = useScalars(
    {
      tag: tag.tag,
      axis,
      range: zoom?.x,
      points: Math.max(60, Math.round(Math.min(width / 2, 20_000 / (1 + shown.length)))),
      smoothing: smoothing.value,
    },
    shown.map(({ run, revision }) => ({ id: run.id, revision })),
  );
  const lines = useMemo(() => (points ?? []).map((each) => lineOf(each, axis)), [points, axis, dark.value]);
  return (
    <LineChart
      label={tag.tag}
      lines={lines}
      xKind={axis}
      logY={log}
      ignoreOutliers={ignoreOutliers.value}
      height={height}
      zoom={zoom}
      onZoom={onZoom}
      onWidth={setWidth}
    />
  );
}

/** A run's points as a curve. */
export function lineOf(points: Points, axis: XAxis): Line {
  const run = runs.value.find(({ id }) => id === points.id);
  const start = run?.startTime ?? 0;
  const x =
    axis === "step" ? points.steps : axis === "wall" ? points.wallTimes : points.wallTimes.map((time) => time - start);
  const same = points.smoothed.every((value, k) => Object.is(value, points.values[k]));
  return {
    key: String(points.id),
    label: run === undefined ? "" : runLabel(run),
    colour: colourOf(points.id),
    x,
    y: points.smoothed,
    ...(!same && { raw: points.values }),
  };
}
