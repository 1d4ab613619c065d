import { useMemo, useState } from "preact/hooks";
import { shortNumber } from "../format.ts";
import { ParallelCoordinates } from "../hparams/parallel-coordinates.tsx";
import type { HparamValue } from "../hparams/read-hparams.ts";
import { loadTrials, type Trial } from "../hparams/trials.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { Empty } from "../parts/empty.tsx";
import { RunName } from "../parts/run-name.tsx";
import { catalog, runs, tagsOf } from "../state/catalog.ts";
import { shownRuns } from "../state/selection.ts";

export function HparamsTab() {
  const tags = tagsOf("hparams");
  const { value } = useLoaded(`${JSON.stringify(tags)} ${catalog.value?.version}`, (signal) =>
    loadTrials(runs.value, signal),
  );
  const [sort, setSort] = useState<{ key: string; down: boolean }>({ key: "", down: false });
  const [colourBy, setColourBy] = useState("");
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const shown = useMemo(() => {
    const ids = new Set(shownRuns.value.map(({ id }) => id));
    const trials = (value?.trials ?? []).filter(({ run }) => ids.has(run.id));
    return sort.key === "" ? trials : [...trials].sort((a, b) => compare(a, b, sort.key) * (sort.down ? -1 : 1));
  }, [value, sort, shownRuns.value]);

  if (tags.length === 0 || value?.trials.length === 0) {
    return (
      <Empty
        title="No hyperparameters yet"
        code={`writer.addHparams({ lr: 1e-3, optimizer: "adamw" }, { "hparam/accuracy": accuracy });`}
      >
        At the end of each run, log what it was set to and how well it did; runs are compared here.
      </Empty>
    );
  }
  if (value === undefined) return <div class="loading" />;
  const { columns } = value;
  const colouring = columns.find(({ key }) => key === colourBy) ?? columns.find(({ metric }) => metric) ?? columns[0];
  const sorted = (key: string) => (sort.key === key ? (sort.down ? "descending" : "ascending") : "none");
  return (
    <>
      <article class="card full">
        <header>
          <h3>Parallel coordinates</h3>
          <label class="inline">
            Colour by
            <select value={colouring?.key} onChange={(event) => setColourBy(event.currentTarget.value)}>
              {columns.map(({ key, label }) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </header>
        <ParallelCoordinates
          columns={columns}
          trials={shown}
          colourBy={colouring?.key ?? ""}
          pointed={pointed}
          onPoint={setPointed}
        />
      </article>
      <article class="card full">
        <header>
          <h3>
            Runs <span class="count">{shown.length}</span>
          </h3>
        </header>
        <div class="table-scroll">
          <table class="trials">
            <thead>
              <tr>
                <th>Run</th>
                {columns.map(({ key, label, metric }) => (
                  <th key={key} class={metric ? "metric" : ""} aria-sort={sorted(key)}>
                    <button
                      type="button"
                      onClick={() => setSort({ key, down: sort.key === key ? !sort.down : metric })}
                    >
                      {label}
                      <span class={`sort ${sorted(key)}`} aria-hidden="true" />
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ run, values }) => (
                <tr
                  key={run.id}
                  class={pointed === run.id ? "pointed" : ""}
                  onPointerEnter={() => setPointed(run.id)}
                  onPointerLeave={() => setPointed(undefined)}
                >
                  <th>
                    <RunName run={run} />
                  </th>
                  {columns.map(({ key }) => (
                    <td key={key}>{written(values.get(key))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </article>
    </>
  );
}

function written(value: HparamValue | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "number" ? shortNumber(value) : String(value);
}

/** Numbers by size, all else by its letters, what is missing last. */
function compare(a: Trial, b: Trial, key: string): number {
  const [left, right] = [a.values.get(key), b.values.get(key)];
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}
