import type { CheckedFigure } from "../figures.ts";
import type { Table } from "./table.ts";

/** What is promised, what came out, and whether that is enough. */
export function figuresTable(checked: readonly CheckedFigure[]): Table {
  return {
    head: ["figure", "required", "measured", "reached"],
    rows: checked.map(({ what, required, measured, reached }) => [
      what,
      required,
      measured,
      reached === null ? "" : reached ? "yes" : "NO",
    ]),
  };
}
