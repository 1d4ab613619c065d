import { type Contestant, contestants, takesPart } from "../contestants.ts";
import type { Case, ProbedFamily, TimedFamily } from "../family.ts";
import type { Results } from "../results.ts";
import type { Table } from "./table.ts";
import { formatRatio, formatSeconds, threeDigits } from "./units.ts";

/**
 * One table for each number of threads: the time of ours, and the time of each peer with how many times longer that is than ours.
 */
export function timedTables(family: TimedFamily, results: Results): Table[] {
  return [1, 2].flatMap((threads): Table[] => {
    const shown = contestants.filter(
      (contestant) => contestant.threads === threads && family.cases.some(({ id }) => results.get(id, contestant.id)),
    );
    const rows = family.cases.filter(
      ({ id }) =>
        shown.some((contestant) => results.get(id, contestant.id)) || (threads === 1 && results.get(id, "yardstick")),
    );
    if (shown.length === 0 || rows.length === 0) return [];
    return [
      {
        head: [
          threads === 1 ? "one thread" : "two threads",
          ...shown.map(({ label }) => label.replace(", 2 threads", "")),
        ],
        rows: rows.map((timed) => [timed.id, ...shown.map((contestant) => cell(timed, contestant, results))]),
      },
    ];
  });
}

function cell(timed: Case, contestant: Contestant, results: Results): string {
  const { id } = contestant;
  const ours = contestant.threads === 1 ? "anneal-1" : "anneal-2";
  const shown = id === "anneal-1" && !timed.anneal ? "yardstick" : id;
  const seconds = results.seconds(timed.id, shown);
  if (seconds === null)
    return results.get(timed.id, shown)?.failure ? "fails" : takesPart(timed, contestant) ? "" : "-";
  const parts = [formatSeconds(seconds)];
  if (timed.flops !== undefined) parts.push(`${threeDigits(timed.flops / seconds / 1e9)} GFLOP/s`);
  const ratio = shown === ours || shown === "yardstick" ? null : results.speedup(timed.id, ours, id);
  if (ratio !== null) parts.push(formatRatio(ratio));
  return parts.join(", ");
}

/** The numbers of what is not timed. */
export function probedTable(family: ProbedFamily, results: Results): Table {
  const rows = family.probes.flatMap(({ id }) => {
    const measured = results.get(id, "anneal-1");
    if (measured?.failure) return [[id, "", measured.failure.startsWith("skipped") ? "skipped" : "fails"]];
    return Object.entries(measured?.values ?? {}).map(([name, value]) => [
      id,
      name,
      Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9))),
    ]);
  });
  return { head: ["", "what", "measured"], rows };
}
