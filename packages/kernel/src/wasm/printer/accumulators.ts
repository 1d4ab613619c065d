import type { Reduction } from "../../kernel.ts";
import type { Local } from "../assembler/function-builder.ts";
import type { Accumulators } from "./accumulator-contract.ts";
import { BestAccumulators } from "./best-accumulators.ts";
import type { Context } from "./context.ts";
import { PlainAccumulators } from "./plain-accumulators.ts";
import { DoubleAccumulators, TotalAccumulators } from "./total-accumulators.ts";

/** @param places - where the vectors taken come from, for argmax and argmin: the local variable that numbers the lanes of copy 0 */
export function newAccumulators(
  context: Context,
  reduction: Reduction,
  options: { copies: number; by: "rows" | "columns"; places: Local },
): Accumulators {
  const { op, scan } = reduction;
  const { type } = reduction.value;
  if (op === "argmax" || op === "argmin") return new BestAccumulators(context, op, type, options);
  const isFloat = type === "f32" || type === "f64";
  if (isFloat && (op === "sum" || op === "prod")) {
    if (type === "f32" && (scan || op === "prod")) return new DoubleAccumulators(context, op, options.copies);
    if (!scan) return new TotalAccumulators(context, op, type, options);
  }
  return new PlainAccumulators(context, reduction, options.copies);
}
