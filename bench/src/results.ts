import type { ContestantId } from "./family.ts";
import { median } from "./median.ts";
import type { Report } from "./plan.ts";

/** What is known of one case for one contestant. */
export interface Measured {
  /** Median seconds of one run, in each round. */
  readonly rounds: number[];
  readonly values: Record<string, number>;
  failure: string | null;
}

/** A case that a contestant did not get through. */
export interface Failure {
  readonly case: string;
  readonly contestant: ContestantId;
  readonly failure: string;
}

/** Everything measured so far, by case and contestant. */
export class Results {
  readonly #cases = new Map<string, Map<ContestantId, Measured>>();

  add(report: Report): void {
    const measured = this.#at(report.case, report.contestant);
    if ("seconds" in report) measured.rounds.push(report.seconds);
    else if ("values" in report) Object.assign(measured.values, report.values);
    else measured.failure = report.failure;
  }

  get(caseId: string, contestant: ContestantId): Measured | undefined {
    return this.#cases.get(caseId)?.get(contestant);
  }

  /** Median over the rounds of the seconds of one run, or null where there are none. */
  seconds(caseId: string, contestant: ContestantId): number | null {
    const rounds = this.get(caseId, contestant)?.rounds ?? [];
    return rounds.length > 0 ? median(rounds) : null;
  }

  /** How many times faster than `other` `contestant` does the case, or null where one of them has no figure. */
  speedup(caseId: string, contestant: ContestantId, other: ContestantId): number | null {
    const [own, others] = [this.seconds(caseId, contestant), this.seconds(caseId, other)];
    return own === null || others === null ? null : others / own;
  }

  value(caseId: string, contestant: ContestantId, name: string): number | null {
    return this.get(caseId, contestant)?.values[name] ?? null;
  }

  /** All failures, in the order in which they came. */
  failures(): Failure[] {
    return [...this.#cases].flatMap(([id, contestants]) =>
      [...contestants].flatMap(([contestant, { failure }]) =>
        failure === null ? [] : [{ case: id, contestant, failure }],
      ),
    );
  }

  toJSON(): unknown {
    return Object.fromEntries(
      [...this.#cases].map(([id, contestants]) => [
        id,
        Object.fromEntries(
          [...contestants].map(([contestant, { rounds, values, failure }]) => [
            contestant,
            {
              ...(rounds.length > 0 && { seconds: median(rounds), rounds }),
              ...values,
              ...(failure !== null && { failure }),
            },
          ]),
        ),
      ]),
    );
  }

  #at(caseId: string, contestant: ContestantId): Measured {
    const contestants = this.#cases.get(caseId) ?? new Map<ContestantId, Measured>();
    this.#cases.set(caseId, contestants);
    const measured = contestants.get(contestant) ?? { rounds: [], values: {}, failure: null };
    contestants.set(contestant, measured);
    return measured;
  }
}
