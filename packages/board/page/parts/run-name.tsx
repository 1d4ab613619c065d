import type { RunInfo } from "../../src/protocol.ts";
import { colourOf, runLabel } from "../state/selection.ts";

/** A run's name behind its colour. */
export function RunName({ run }: { run: RunInfo }) {
  return (
    <span class="run-name" title={run.name}>
      <i class="swatch" style={{ background: colourOf(run.id) }} />
      <span class="run-label">{runLabel(run)}</span>
    </span>
  );
}
