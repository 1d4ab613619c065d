import { useEffect, useRef } from "preact/hooks";
import type { RunInfo, XAxis } from "../src/protocol.ts";
import { dateTime } from "./format.ts";
import { RunName } from "./parts/run-name.tsx";
import { runs } from "./state/catalog.ts";
import {
  hiddenRuns,
  listedRuns,
  onlyRun,
  pattern,
  runFilter,
  showAll,
  shownRuns,
  toggleRun,
} from "./state/selection.ts";
import { ignoreOutliers, smoothing, xAxis } from "./state/settings.ts";

/** Which tabs have which settings. */
const smoothed = new Set(["scalars", "custom"]);
const overTime = new Set(["scalars", "custom", "distributions"]);

export function Sidebar({ tab }: { tab: string }) {
  return (
    <aside class="sidebar" aria-label="Settings and runs">
      {overTime.has(tab) && <AxisSettings />}
      {smoothed.has(tab) && <SmoothingSettings />}
      <Runs />
    </aside>
  );
}

const axes: readonly (readonly [XAxis, string, string])[] = [
  ["step", "Step", "The global step"],
  ["relative", "Relative", "Time since the run began"],
  ["wall", "Wall", "Date and time"],
];

function AxisSettings() {
  return (
    <fieldset>
      <legend>Horizontal axis</legend>
      <div class="segments">
        {axes.map(([axis, title, hint]) => (
          <label key={axis} title={hint}>
            <input type="radio" name="x-axis" checked={xAxis.value === axis} onChange={() => (xAxis.value = axis)} />
            <span>{title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SmoothingSettings() {
  const set = (value: number): void => {
    if (value >= 0 && value <= 0.999) smoothing.value = value;
  };
  return (
    <fieldset>
      <legend>Smoothing</legend>
      <div class="smoothing">
        <input
          type="range"
          min={0}
          max={0.999}
          step={0.001}
          value={smoothing.value}
          aria-label="Smoothing"
          onInput={(event) => set(event.currentTarget.valueAsNumber)}
        />
        <input
          type="number"
          min={0}
          max={0.999}
          step={0.01}
          value={smoothing.value}
          aria-label="Smoothing, as a number from 0 to 0.999"
          onInput={(event) => set(event.currentTarget.valueAsNumber)}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={ignoreOutliers.value}
          onChange={(event) => (ignoreOutliers.value = event.currentTarget.checked)}
        />
        Ignore outliers when scaling
      </label>
    </fieldset>
  );
}

function Runs() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const wrong = pattern(runFilter.value) === undefined;
  const all = shownRuns.value.length === listedRuns.value.length;
  return (
    <fieldset class="runs">
      <legend>
        Runs{" "}
        <span class="count">
          {shownRuns.value.length === runs.value.length
            ? runs.value.length
            : `${shownRuns.value.length} of ${runs.value.length}`}
        </span>
      </legend>
      <input
        ref={input}
        type="search"
        placeholder="Filter runs by regex"
        aria-label="Filter runs by a regular expression"
        aria-invalid={wrong}
        title='Press "/" to come here'
        value={runFilter.value}
        onInput={(event) => (runFilter.value = event.currentTarget.value)}
      />
      {wrong && <p class="wrong">This is no regular expression yet, so all runs are listed.</p>}
      {listedRuns.value.length > 0 ? (
        <label class="check all">
          <input type="checkbox" checked={all} onChange={() => showAll(!all)} />
          {all ? "All shown" : "Show all"}
        </label>
      ) : (
        runs.value.length > 0 && <p class="faint">No run's name has that.</p>
      )}
      <ul>
        {listedRuns.value.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
    </fieldset>
  );
}

function RunRow({ run }: { run: RunInfo }) {
  return (
    <li title={run.startTime === null ? run.name : `${run.name}\nsince ${dateTime(run.startTime)}`}>
      <label class="check">
        <input type="checkbox" checked={!hiddenRuns.value.has(run.name)} onChange={() => toggleRun(run.name)} />
        <RunName run={run} />
      </label>
      <button type="button" class="only" aria-label={`Show ${run.name} only`} onClick={() => onlyRun(run.name)}>
        only
      </button>
    </li>
  );
}
