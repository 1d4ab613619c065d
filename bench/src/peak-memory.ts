import { setTimeout as later } from "node:timers/promises";
import { collectGarbage } from "./collect-garbage.ts";

/** How long some work took, and the most memory that the process took for it meanwhile. */
export interface Watched {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Do some asynchronous work and watch the process. What it gives is let go of. */
export async function watch(work: () => Promise<unknown>): Promise<Watched> {
  collectGarbage();
  // Memory outside of the engine's heap is given back by a thread of its own.
  await later(200);
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 2);
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  look();
  clearInterval(timer);
  return { seconds, megabytes: (most - before) / 2 ** 20 };
}
