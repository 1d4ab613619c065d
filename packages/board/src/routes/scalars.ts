import type { Latest, ScalarsHeader, ScalarsRun, XAxis } from "../protocol.ts";
import type { LogStore } from "../runs/log-store.ts";
import type { Series } from "../series/series.ts";
import { smooth } from "../series/smooth.ts";
import { thin } from "../series/thin.ts";
import { type Answer, bytes, json } from "./answer.ts";
import { number, runsOf, text, word } from "./query.ts";

/**
 * Some runs' values of one tag within a range of the x axis, as many as a picture of a given width can show: a header in JSON, then for each
 * run four columns of float64, little-endian: steps, times (seconds since 1970), values, smoothed values.
 *
 * The average is over all points, whatever is shown of them. Layout: the header's length in bytes (uint32), the header, zeros up to a multiple
 * of 8, the columns.
 */
export function scalars(store: LogStore, query: URLSearchParams): Answer {
  const tag = text(query, "tag");
  const axis = word(query, "axis", "step", "relative", "wall");
  const from = number(query, "from", -Infinity, -Infinity, Infinity);
  const to = number(query, "to", Infinity, -Infinity, Infinity);
  const buckets = number(query, "points", 400, 1, 10_000);
  const smoothing = number(query, "smoothing", 0, 0, 0.9999);

  const header: ScalarsRun[] = [];
  const data: Float64Array[] = [];
  for (const run of runsOf(query, store)) {
    const series = store.tag(run, "scalars", tag)?.series;
    if (series === undefined) continue;
    const values = series.numbers(0);
    const [first, end] = rangeOf(series, axis, from, to, run.data.startTime ?? 0);
    const kept = thin(values, Math.ceil(buckets), first, end);
    const pick = (column: Float64Array) => Float64Array.from(kept, (k) => column[k] ?? 0);
    data.push(pick(series.steps), pick(series.wallTimes), pick(values), pick(smooth(values, smoothing)));
    header.push({ id: run.id, revision: series.revision, length: kept.length, total: end - first });
  }
  return bytes(pack({ runs: header }, data));
}

/** The last finite value of each run. */
export function latest(store: LogStore, query: URLSearchParams): Answer {
  const tag = text(query, "tag");
  const found = store.runs.flatMap((run): Latest[] => {
    const series = store.tag(run, "scalars", tag)?.series;
    const k = series?.numbers(0).findLastIndex((value) => Number.isFinite(value)) ?? -1;
    if (series === undefined || k < 0) return [];
    return [{ run: run.id, step: series.steps[k] ?? 0, value: series.numbers(0)[k] ?? 0 }];
  });
  return json(found);
}

/** The points within the range, and one more on either side, so that lines leave the picture. */
function rangeOf(series: Series, axis: XAxis, from: number, to: number, startTime: number): [number, number] {
  const { length } = series;
  if (from === -Infinity && to === Infinity) return [0, length];
  if (axis === "step") return [Math.max(0, series.indexAt(from) - 1), Math.min(length, series.indexAt(to) + 2)];
  const shift = axis === "relative" ? startTime : 0;
  const times = series.wallTimes;
  // Times need not ascend: a clock may be set back.
  const first = times.findIndex((time) => time - shift >= from);
  const last = times.findLastIndex((time) => time - shift <= to);
  if (first < 0 || last < 0) return [0, 0];
  return [Math.max(0, Math.min(first, last) - 1), Math.min(length, Math.max(first, last) + 2)];
}

function pack(header: ScalarsHeader, data: readonly Float64Array[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const packed = new Uint8Array(start + data.reduce((sum, { byteLength }) => sum + byteLength, 0));
  new DataView(packed.buffer).setUint32(0, text.length, true);
  packed.set(text, 4);
  let at = start;
  for (const column of data) {
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return packed;
}
