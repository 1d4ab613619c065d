import { setImmediate as nextTurn } from "node:timers/promises";
import type { Run } from "./family.ts";
import { median } from "./median.ts";

/** How long to look at one case. */
export interface Effort {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface Timing {
  /** Seconds of one run: the median of the samples. */
  readonly seconds: number;
  readonly runs: number;
}

/** A run that takes longer than this is timed once, without a warm-up: its own length makes it steady. */
const LONG_SECONDS = 2;
/** Short runs are timed in groups of at least this, so that the clock's own cost and grain vanish. */
const SAMPLE_SECONDS = 0.01;
const LEAST_SAMPLES = 5;

/** Median time of one run. */
export async function measure(run: Run, { warmUpSeconds, seconds }: Effort): Promise<Timing> {
  const first = await timeOf(run, 1);
  if (first > LONG_SECONDS) return { seconds: first, runs: 1 };

  let latest = first;
  for (const end = now() + warmUpSeconds; now() < end; ) latest = await timeOf(run, 1);

  const group = Math.max(1, Math.ceil(SAMPLE_SECONDS / Math.max(latest, 1e-7)));
  const samples: number[] = [];
  for (const end = now() + seconds; now() < end || samples.length < LEAST_SAMPLES; ) {
    samples.push((await timeOf(run, group)) / group);
    // Libraries that clean up through the collector get their turn, outside of the timing.
    await nextTurn();
  }
  return { seconds: median(samples), runs: samples.length * group };
}

async function timeOf(run: Run, times: number): Promise<number> {
  const start = now();
  for (let i = 0; i < times; i++) {
    const pending = run();
    if (pending) await pending;
  }
  return now() - start;
}

const now = (): number => performance.now() / 1000;
