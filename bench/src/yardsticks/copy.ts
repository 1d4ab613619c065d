import type { Run } from "../family.ts";

/** Copying `count` float32 numbers from one array to another: what memory allows at best. */
export async function copyLoop(count: number): Promise<Run> {
  // Filled, so that every page of both is there before the clock runs.
  const from = new Float32Array(count).fill(1);
  const to = new Float32Array(count).fill(2);
  return () => to.set(from);
}
