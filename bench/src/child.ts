// One contestant, one family, one process. Reports on file descriptor 3: libraries print on the others.
import { writeSync } from "node:fs";
import { families } from "./cases/index.ts";
import { prepareOf } from "./contestants.ts";
import type { Family } from "./family.ts";
import { measure } from "./measure.ts";
import type { Plan, Report } from "./plan.ts";
import { setUp } from "./setup/set-up.ts";

const REPORTS = 3;
const report = (line: Report): void => void writeSync(REPORTS, `${JSON.stringify(line)}\n`);

const plan = JSON.parse(process.argv.at(-1) ?? "") as Plan;
const family = families.find(({ name }) => name === plan.family);
if (!family) throw new Error(`bench: there is no family ${plan.family}.`);
if (family.kind === "timed" && !family.fresh) await setUp(plan.contestant);
for (const id of plan.cases) await attempt(family, id);
// Some libraries' workers would keep the process alive.
process.exit();

async function attempt(family: Family, id: string): Promise<void> {
  try {
    await (family.kind === "timed" ? time(family, id) : probe(family, id));
  } catch (error) {
    report({ case: id, contestant: plan.contestant, failure: error instanceof Error ? error.message : String(error) });
  }
}

async function time(family: Extract<Family, { kind: "timed" }>, id: string): Promise<void> {
  const timed = family.cases.find((candidate) => candidate.id === id);
  if (!timed) throw new Error(`bench: there is no case ${id}.`);
  for (const contestant of plan.contestant === "anneal-1" ? (["yardstick", "anneal-1"] as const) : [plan.contestant]) {
    const prepare = prepareOf(timed, contestant);
    if (!prepare) continue;
    const run = await prepare(contestant);
    if (plan.fresh) {
      const start = performance.now();
      await run();
      report({ case: id, contestant, seconds: (performance.now() - start) / 1000, runs: 1 });
    } else report({ case: id, contestant, ...(await measure(run, plan.effort)) });
  }
}

async function probe(family: Extract<Family, { kind: "probed" }>, id: string): Promise<void> {
  const probed = family.probes.find((candidate) => candidate.id === id);
  if (!probed) throw new Error(`bench: there is no probe ${id}.`);
  const outcome = await probed.probe(plan.probe);
  if (typeof outcome === "string") report({ case: id, contestant: plan.contestant, failure: outcome });
  else report({ case: id, contestant: plan.contestant, values: outcome });
}
