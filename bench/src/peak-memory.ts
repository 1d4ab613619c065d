import { settleMemory } from "./settle-memory.ts";

/** The most memory, in MB, that the process takes for some asynchronous work while it goes on. What the work gives is let go of. */
export async function peakMemory(work: () => Promise<unknown>): Promise<number> {
  await settleMemory();
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 2);
  await work();
  look();
  clearInterval(timer);
  return (most - before) / 2 ** 20;
}
