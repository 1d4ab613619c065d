import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Histograms, RunInfo, TagInfo } from "../../src/protocol.ts";
import { LineChart } from "../charts/line-chart.tsx";
import type { Band, Line } from "../charts/plot-range.ts";
import { RidgeChart } from "../charts/ridge-chart.tsx";
import { askJson } from "../load/api.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { titleOf } from "../parts/card.tsx";
import { type CardView, ChartCard } from "../parts/chart-card.tsx";
import { Empty } from "../parts/empty.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { colourOf, shownSeries } from "../state/selection.ts";
import { xAxis } from "../state/settings.ts";

interface DrawProps extends CardView {
  readonly tag: TagInfo;
  readonly run: RunInfo;
  readonly histograms: Histograms;
}

export function HistogramsTab() {
  return (
    <HistogramCards>
      {({ tag, run, height, histograms }) => (
        <RidgeChart
          label={`${tag.tag} of ${run.name}`}
          colour={colourOf(run.id)}
          height={height}
          histograms={histograms}
        />
      )}
    </HistogramCards>
  );
}

export function DistributionsTab() {
  return <HistogramCards>{(props) => <Distribution {...props} />}</HistogramCards>;
}

function HistogramCards({ children }: { children: (props: DrawProps) => ComponentChildren }) {
  return (
    <TagGroups
      kind="histograms"
      empty={
        <Empty title="No histograms yet" code={`writer.addHistogram("conv1/weight", model.conv1.weight, epoch);`}>
          Log weights, gradients or activations now and then, and see here how their distribution moves.
        </Empty>
      }
    >
      {(tag) =>
        shownSeries(tag).map(({ run, revision }) => (
          <ChartCard
            key={`${tag.tag} ${run.id}`}
            title={titleOf(tag)}
            hint={tag.description || tag.tag}
            run={run}
            heights={[250, 460]}
          >
            {(view) => (
              <LoadedHistograms tag={tag} run={run} revision={revision}>
                {(histograms) => children({ tag, run, histograms, ...view })}
              </LoadedHistograms>
            )}
          </ChartCard>
        ))
      }
    </TagGroups>
  );
}

interface LoadedHistogramsProps {
  readonly tag: TagInfo;
  readonly run: RunInfo;
  readonly revision: number;
  readonly children: (histograms: Histograms) => ComponentChildren;
}

function LoadedHistograms({ tag, run, revision, children }: LoadedHistogramsProps) {
  const { value } = useLoaded(`${run.id} ${revision} ${tag.tag}`, (signal) =>
    askJson<Histograms>("histograms", { run: run.id, tag: tag.tag, count: 60, bins: 80 }, signal),
  );
  if (value === undefined) return <div class="loading" />;
  if (value.steps.length === 0) return <p class="faint">No step has a histogram of finite numbers.</p>;
  return <>{children(value)}</>;
}

/** Quantiles over the steps: the darker, the nearer to the median. */
function Distribution({ tag, run, histograms, height, zoom, onZoom }: DrawProps) {
  const axis = xAxis.value;
  const colour = colourOf(run.id);
  const { lines, bands } = useMemo(() => {
    const { steps } = histograms;
    const start = run.startTime ?? 0;
    const x = Float64Array.from(steps, ({ step, wallTime }) =>
      axis === "step" ? step : axis === "wall" ? wallTime : wallTime - start,
    );
    const quantile = (k: number) => Float64Array.from(steps, ({ quantiles }) => quantiles[k] ?? Number.NaN);
    const band = (k: number): Band => ({ colour, opacity: 0.16, x, low: quantile(k), high: quantile(8 - k) });
    const line = (k: number, label: string): Line => ({ key: String(k), label, colour, x, y: quantile(k) });
    return {
      bands: [band(0), band(1), band(2), band(3)],
      lines: [line(8, "max"), line(6, "84%"), line(4, "median"), line(2, "16%"), line(0, "min")],
    };
  }, [histograms, axis, colour, run.startTime]);
  return (
    <LineChart
      label={`${tag.tag} of ${run.name}`}
      lines={lines}
      bands={bands}
      xKind={axis}
      height={height}
      zoom={zoom}
      onZoom={onZoom}
    />
  );
}
