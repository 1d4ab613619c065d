import { type Contestant, contestants, takesPart } from "./contestants.ts";
import type { Environment } from "./environment.ts";
import type { Family } from "./family.ts";
import type { Effort } from "./measure.ts";
import type { Options } from "./options.ts";
import type { Plan } from "./plan.ts";
import { Results } from "./results.ts";
import { runChild } from "./run-child.ts";

const thorough: Effort = { warmUpSeconds: 0.3, seconds: 0.8 };
const quick: Effort = { warmUpSeconds: 0.1, seconds: 0.2 };
/** Longer than this need not be measured again in another round. */
const LONG_SECONDS = 1;
/** A cold start is one run a process: it takes more of them to find the middle. */
const STARTS_PER_ROUND = 5;

/** Measure the families one after the other, in rounds over the contestants, one process at a time. */
export async function runAll(
  families: readonly Family[],
  options: Options,
  environment: Environment,
  progress: (what: string) => void,
): Promise<Results> {
  const results = new Results();
  const present = contestants.filter(
    ({ peer, runtime }) => options.peers.has(peer) && (runtime === "node" || environment.torch !== null),
  );
  for (const family of families) {
    const fresh = family.kind === "timed" && family.fresh === true;
    const rounds = family.kind === "probed" ? 1 : fresh ? options.rounds * STARTS_PER_ROUND : options.rounds;
    for (let round = 1; round <= rounds; round++) {
      for (const contestant of present) {
        const cases = casesOf(family, contestant, round, results);
        if (cases.length === 0) continue;
        progress(`${family.name}, round ${round} of ${rounds}: ${contestant.label}`);
        // A probe that looks at memory must not meet what another one left.
        for (const together of family.kind === "probed" ? cases.map((id) => [id]) : [cases]) {
          const plan: Plan = {
            contestant: contestant.id,
            threads: contestant.threads,
            family: family.name,
            cases: together,
            fresh,
            effort: options.quick || contestant.rough ? quick : thorough,
            probe: { quick: options.quick, mnist: options.mnist },
          };
          await runChild(contestant, plan, fresh && environment.built, (report) => results.add(report));
        }
      }
    }
  }
  return results;
}

function casesOf(family: Family, contestant: Contestant, round: number, results: Results): string[] {
  if (family.kind === "probed") return contestant.id === "anneal-1" ? family.probes.map(({ id }) => id) : [];
  if (family.fresh && contestant.threads > 1) return [];
  if (round > 1 && contestant.rough) return [];
  return family.cases
    .filter((timed) => takesPart(timed, contestant))
    .map(({ id }) => id)
    .filter((id) => {
      const before = results.get(id, contestant.id);
      return !before || (before.failure === null && (results.seconds(id, contestant.id) ?? 0) < LONG_SECONDS);
    });
}
