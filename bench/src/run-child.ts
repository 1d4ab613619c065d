import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Contestant } from "./contestants.ts";
import { lastWords } from "./last-words.ts";
import type { Plan, Report } from "./plan.ts";

const child = fileURLToPath(new URL("./child.ts", import.meta.url));
const python = fileURLToPath(new URL("./torch/bench.py", import.meta.url));
const LONGEST_MS = 20 * 60_000;
const REPORTS = 3;

/** Run a plan in a process of its own; cases it dies on or never reaches are reported as failures. */
export async function runChild(
  { id, runtime }: Contestant,
  plan: Plan,
  built: boolean,
  take: (report: Report) => void,
): Promise<void> {
  const conditions = built ? [] : ["--conditions=@anneal/source"];
  const [command, ...args] = runtime === "python" ? ["python3", python] : [process.execPath, ...conditions, child];
  const running = spawn(command as string, [...args, JSON.stringify(plan)], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    timeout: LONGEST_MS,
  });

  let complaints = "";
  (running.stderr as Readable).setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const missing = new Set(plan.cases);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    running.on("error", reject);
    running.on("close", (code, signal) => resolve(code ?? signal));
  });
  for await (const line of createInterface({ input: running.stdio[REPORTS] as Readable })) {
    const report = JSON.parse(line) as Report;
    missing.delete(report.case);
    take(report);
  }
  const end = await ended;
  for (const caseId of missing) {
    take({ case: caseId, contestant: id, failure: `the process ended with ${end}: ${lastWords(complaints)}` });
  }
}
