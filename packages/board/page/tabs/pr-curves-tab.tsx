import { useMemo, useState } from "preact/hooks";
import type { PrCurve, Records, RunInfo, TagInfo } from "../../src/protocol.ts";
import { LineChart } from "../charts/line-chart.tsx";
import { shortNumber, wholeNumber } from "../format.ts";
import { askJson } from "../load/api.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { titleOf } from "../parts/card.tsx";
import { type CardView, ChartCard } from "../parts/chart-card.tsx";
import { Empty } from "../parts/empty.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { colourOf, runLabel, shownSeries } from "../state/selection.ts";
import { dark } from "../state/settings.ts";

export function PrCurvesTab() {
  return (
    <TagGroups
      kind="prCurves"
      empty={
        <Empty
          title="No precision-recall curves yet"
          code={`writer.addPrCurve("is-a-seven", labels, predictions, epoch);`}
        >
          Log the labels and predictions of a binary classifier, and its precision over recall appears here.
        </Empty>
      }
    >
      {(tag) => (
        <ChartCard
          key={tag.tag}
          title={titleOf(tag)}
          hint={tag.description || tag.tag}
          heights={[280, 460]}
          beside={54}
        >
          {(view) => <PrChart tag={tag} {...view} />}
        </ChartCard>
      )}
    </TagGroups>
  );
}

interface RunCurve {
  readonly run: RunInfo;
  readonly curve: PrCurve;
}

interface PrChartProps extends CardView {
  readonly tag: TagInfo;
}

function PrChart({ tag, height, zoom, onZoom }: PrChartProps) {
  /** Undefined is each run's last step. */
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const shown = shownSeries(tag);
  const key = `${tag.tag} ${shown.map(({ run, revision }) => `${run.id}:${revision}`).join()}`;
  const steps = useLoaded(key, async (signal) => {
    const each = await Promise.all(
      shown.map(({ run }) => askJson<Records>("records", { kind: "prCurves", run: run.id, tag: tag.tag }, signal)),
    );
    return [...new Set(each.flatMap((records) => records.steps))].sort((a, b) => a - b);
  }).value;
  const curves = useLoaded(`${key} ${chosen}`, (signal) =>
    Promise.all(
      shown.map(
        async ({ run }): Promise<RunCurve> => ({
          run,
          curve: await askJson<PrCurve>(
            "pr-curve",
            { run: run.id, tag: tag.tag, ...(chosen !== undefined && { step: chosen }) },
            signal,
          ),
        }),
      ),
    ),
  ).value;
  const lines = useMemo(() => (curves ?? []).map(lineOf), [curves, dark.value]);
  const last = (steps?.length ?? 1) - 1;
  const index = chosen === undefined ? last : (steps?.indexOf(chosen) ?? last);
  return (
    <>
      {steps !== undefined && steps.length > 1 && (
        <div class="step-slider">
          <input
            type="range"
            min={0}
            max={last}
            value={index}
            aria-label={`Step of ${tag.tag}`}
            aria-valuetext={`step ${steps[index]}`}
            onInput={(event) => {
              const k = event.currentTarget.valueAsNumber;
              setChosen(k === last ? undefined : steps[k]);
            }}
          />
          <span>
            step <b>{wholeNumber(steps[index] ?? 0)}</b>
          </span>
        </div>
      )}
      <LineChart
        label={`${tag.tag}: precision over recall`}
        lines={lines}
        xKind="number"
        height={height}
        zoom={zoom}
        onZoom={onZoom}
        xRange={[0, 1.01]}
        yRange={[0, 1.02]}
      />
      <p class="caption">precision over recall</p>
    </>
  );
}

/** Precision over recall, from the highest threshold (recall 0) on. */
function lineOf({ run, curve }: RunCurve) {
  const { precision, recall, truePositives } = curve;
  // Thresholds above every prediction leave nothing to be precise about.
  const kept = recall.map((_, k) => k).filter((k) => (truePositives[k] ?? 0) > 0);
  const order = kept.sort((a, b) => (recall[a] ?? 0) - (recall[b] ?? 0) || b - a);
  return {
    key: String(run.id),
    label: runLabel(run),
    colour: colourOf(run.id),
    x: Float64Array.from(order, (k) => recall[k] ?? 0),
    y: Float64Array.from(order, (k) => precision[k] ?? 0),
    note: (index: number) => `at threshold ${shortNumber((order[index] ?? 0) / Math.max(1, recall.length - 1))}`,
  };
}
