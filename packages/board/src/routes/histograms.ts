import { type Buckets, bucketsOf, quantilesOf, rebin } from "../histograms/buckets.ts";
import { type Histograms, quantiles } from "../protocol.ts";
import type { LogStore } from "../runs/log-store.ts";
import { spread } from "../series/thin.ts";
import { type Answer, json } from "./answer.ts";
import { number, tagOf } from "./query.ts";
import { recordValue } from "./records.ts";

/** A tag's histograms over the steps, `count` of them evenly, all in the same bins. */
export async function histograms(store: LogStore, query: URLSearchParams): Promise<Answer> {
  const { run, data } = tagOf(query, store, "histograms");
  const { series } = data;
  const bins = number(query, "bins", 60, 1, 500);
  const found: { step: number; wallTime: number; buckets: Buckets }[] = [];
  for (const k of spread(series.length, number(query, "count", 60, 1, 500))) {
    const [step = 0, wallTime = 0] = [series.steps[k], series.wallTimes[k]];
    const value = await recordValue(store, run, series, k);
    const buckets = value && bucketsOf(value);
    if (buckets !== undefined) found.push({ step, wallTime, buckets });
  }
  const edges = found.flatMap(({ buckets: { lefts, rights } }) => [lefts[0] ?? 0, rights[rights.length - 1] ?? 0]);
  const low = edges.reduce((a, b) => Math.min(a, b), Infinity);
  const high = edges.reduce((a, b) => Math.max(a, b), -Infinity);
  const answer: Histograms = {
    low: found.length > 0 ? low : 0,
    high: found.length > 0 ? high : 0,
    steps: found.map(({ step, wallTime, buckets }) => ({
      step,
      wallTime,
      counts: Array.from(rebin(buckets, low, high, Math.ceil(bins))),
      quantiles: quantilesOf(buckets, quantiles),
    })),
  };
  return json(answer);
}
