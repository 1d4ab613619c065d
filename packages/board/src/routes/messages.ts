import type { HparamsRun, RunLayout } from "../protocol.ts";
import type { LogStore } from "../runs/log-store.ts";
import { graphTag } from "../runs/run-data.ts";
import { type Answer, bytes, json, RequestError } from "./answer.ts";
import { number } from "./query.ts";
import { recordValue } from "./records.ts";

// Messages that the page decodes itself.

/** The tag under which writers put the layout of custom scalars. */
const layoutTag = "custom_scalars__config__";

const base64 = (message: Uint8Array) => Buffer.from(message).toString("base64");

/** Every run's messages of the hparams plugin. */
export function hparams(store: LogStore): Answer {
  const found = store.runs.flatMap(({ id, data }): HparamsRun[] => {
    const { revision, experiment, sessionStart, sessionEnd } = data.hparams;
    if (revision === 0) return [];
    return [
      {
        run: id,
        ...(experiment && { experiment: base64(experiment) }),
        ...(sessionStart && { sessionStart: base64(sessionStart) }),
        ...(sessionEnd && { sessionEnd: base64(sessionEnd) }),
      },
    ];
  });
  return json(found);
}

/** Every run's last layout of custom scalars. */
export async function layouts(store: LogStore): Promise<Answer> {
  const found: RunLayout[] = [];
  for (const run of store.runs) {
    const series = store.tag(run, "customScalars", layoutTag)?.series;
    if (series === undefined) continue;
    const layout = (await recordValue(store, run, series, series.length - 1))?.tensor?.stringVal?.[0];
    if (layout !== undefined) found.push({ run: run.id, layout: base64(layout) });
  }
  return json(found);
}

/** A run's last graph, a serialized GraphDef. */
export async function graph(store: LogStore, query: URLSearchParams): Promise<Answer> {
  const run = store.run(number(query, "run", -1, 0, Number.MAX_SAFE_INTEGER));
  const series = store.tag(run, "graphs", graphTag)?.series;
  const event = run && series && (await store.record(run, series, series.length - 1));
  if (event?.graphDef === undefined) throw new RequestError(404, "That run has no graph.");
  return bytes(event.graphDef);
}
