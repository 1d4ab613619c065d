import type { ContestantId, ProbeOptions } from "./family.ts";
import type { Effort } from "./measure.ts";

/** What one child process is to do. It gets this as JSON, its last argument. */
export interface Plan {
  readonly contestant: ContestantId;
  readonly threads: number;
  readonly family: string;
  /** Ids of the cases, in order. */
  readonly cases: readonly string[];
  /** Time one run, before the library is imported. */
  readonly fresh: boolean;
  readonly effort: Effort;
  readonly probe: ProbeOptions;
}

/** What a child reports, one JSON line each on file descriptor 3. */
export type Report =
  | { readonly case: string; readonly contestant: ContestantId; readonly seconds: number; readonly runs: number }
  | { readonly case: string; readonly contestant: ContestantId; readonly values: Readonly<Record<string, number>> }
  | { readonly case: string; readonly contestant: ContestantId; readonly failure: string };
