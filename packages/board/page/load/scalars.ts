import type { ScalarsHeader, ScalarsRun, XAxis } from "../../src/protocol.ts";
import { ask } from "./api.ts";

/** A run's points, thinned to what a picture can show. */
export interface Points extends ScalarsRun {
  readonly steps: Float64Array;
  /** Seconds since 1970. */
  readonly wallTimes: Float64Array;
  readonly values: Float64Array;
  readonly smoothed: Float64Array;
}

/** Which points of a tag are wanted. */
export interface ScalarsQuery {
  readonly tag: string;
  readonly axis: XAxis;
  /** The range of the x axis. */
  readonly range: readonly [number, number] | undefined;
  /** How wide the picture is: a few points for each of so many stretches. */
  readonly points: number;
  /** From 0 to below 1. */
  readonly smoothing: number;
}

export async function loadScalars(
  { tag, axis, range, points, smoothing }: ScalarsQuery,
  runs: readonly number[],
  signal: AbortSignal,
): Promise<Points[]> {
  const query = { tag, axis, points, smoothing, runs: runs.join(","), ...(range && { from: range[0], to: range[1] }) };
  const body = await (await ask("scalars", query, signal)).arrayBuffer();
  const length = new DataView(body).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length))) as ScalarsHeader;
  let at = Math.ceil((4 + length) / 8) * 8;
  return header.runs.map((run) => {
    const column = () => {
      const values = new Float64Array(body, at, run.length);
      at += values.byteLength;
      return values;
    };
    return { ...run, steps: column(), wallTimes: column(), values: column(), smoothed: column() };
  });
}
