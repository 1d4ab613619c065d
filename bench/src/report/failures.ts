import { contestants } from "../contestants.ts";
import type { Failure } from "../results.ts";

/** One line for each thing that went wrong, with all the cases that it spoiled. */
export function describeFailures(failures: readonly Failure[]): string[] {
  const cases = new Map<string, string[]>();
  for (const { case: id, contestant, failure } of failures) {
    const label = contestants.find((known) => known.id === contestant)?.label ?? contestant;
    const what = `${label}: ${failure.split("\n")[0]}`;
    cases.set(what, [...(cases.get(what) ?? []), id]);
  }
  return [...cases].map(([what, ids]) => `${what} (${ids.join("; ")})`);
}
