import { setTimeout as later } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Let the engine give back all memory that nothing refers to. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** The same, and wait until it is given back: what lies outside of the engine's heap, a thread of its own frees. */
export async function settleMemory(): Promise<void> {
  collectGarbage();
  await later(200);
}
