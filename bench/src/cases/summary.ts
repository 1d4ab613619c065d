import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prepare, TimedFamily } from "../family.ts";

const SCALARS = 10_000;

/** A writer to the disk, whose files are gone when the process is. */
async function writer(): Promise<import("@anneal/summary").SummaryWriter> {
  const { SummaryWriter } = await import("@anneal/summary");
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  return new SummaryWriter(folder);
}

const scalars: Prepare = async () => {
  const summary = await writer();
  let step = 0;
  return () => {
    for (let i = 0; i < SCALARS; i++) summary.addScalar("train/loss", 1 / (1 + step), step++);
  };
};

const histogram: Prepare = async () => {
  const summary = await writer();
  const values = Float32Array.from({ length: 1e6 }, () => Math.random() + Math.random() + Math.random() - 1.5);
  let step = 0;
  return () => summary.addHistogram("weights", values, step++);
};

/** PyTorch's side is tensorboardX, where Python has it. Both write every ten events. */
export const summaryFamily: TimedFamily = {
  kind: "timed",
  name: "summary",
  title: "SummaryWriter to a file (PyTorch's side: tensorboardX)",
  cases: [
    { id: "10,000 scalars", anneal: scalars, torch: true },
    { id: "histogram of 1 M values", anneal: histogram, torch: true },
  ],
};
