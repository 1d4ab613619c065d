import type { SummaryValue } from "@anneal/summary";
import type { Kind, Records, TextEntry } from "../protocol.ts";
import type { LogStore, Run } from "../runs/log-store.ts";
import { recordNumbers } from "../runs/run-data.ts";
import { tensorShape, tensorStrings } from "../runs/tensor-values.ts";
import type { Series } from "../series/series.ts";
import { spread } from "../series/thin.ts";
import { type Answer, json, RequestError } from "./answer.ts";
import { number, tagOf, word } from "./query.ts";

/** Steps of a slider. */
const mostSteps = 2000;

/** At which steps there is something: what a slider goes over. */
export function records(store: LogStore, query: URLSearchParams): Answer {
  const kind = word(query, "kind", "images", "audio", "text", "prCurves", "histograms");
  const { series } = tagOf(query, store, kind).data;
  const kept = Array.from(spread(series.length, mostSteps));
  const answer: Records = {
    steps: kept.map((k) => series.steps[k] ?? 0),
    wallTimes: kept.map((k) => series.wallTimes[k] ?? 0),
  };
  return json(answer);
}

/** The value of a series' record. */
export async function recordValue(
  store: LogStore,
  run: Run,
  series: Series,
  k: number,
): Promise<SummaryValue | undefined> {
  const which = series.numbers(recordNumbers.value)[k];
  const event = await store.record(run, series, k);
  return which === undefined ? undefined : event?.summary?.value[which];
}

/** The record at the step asked for, or else the one before. */
export async function valueAtStep(
  store: LogStore,
  query: URLSearchParams,
  kind: Kind,
): Promise<{ value: SummaryValue; step: number; wallTime: number }> {
  const { run, data } = tagOf(query, store, kind);
  const { series } = data;
  const step = number(query, "step", Infinity, -Infinity, Infinity);
  const at = series.indexAt(step);
  const k = Math.max(0, series.steps[at] === step ? at : at - 1);
  const value = await recordValue(store, run, series, k);
  if (value === undefined) throw new RequestError(404, "That record is gone: the file was replaced.");
  return { value, step: series.steps[k] ?? 0, wallTime: series.wallTimes[k] ?? 0 };
}

const longestText = 200_000;

/** The last texts of a tag, newest first. */
export async function texts(store: LogStore, query: URLSearchParams): Promise<Answer> {
  const { run, data } = tagOf(query, store, "text");
  const { series } = data;
  const count = Math.min(series.length, number(query, "count", 20, 1, 200));
  const entries: TextEntry[] = [];
  for (let k = series.length - 1; k >= series.length - count && k >= 0; k -= 1) {
    const { tensor } = (await recordValue(store, run, series, k)) ?? {};
    if (tensor === undefined) continue;
    entries.push({
      step: series.steps[k] ?? 0,
      wallTime: series.wallTimes[k] ?? 0,
      texts: tensorStrings(tensor)
        .slice(0, 1000)
        .map((one) => one.slice(0, longestText)),
      shape: tensorShape(tensor),
    });
  }
  return json(entries);
}
