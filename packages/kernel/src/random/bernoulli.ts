import type { Expr } from "../expr.ts";
import { lt } from "../expr.ts";
import { uniformAt } from "./uniform.ts";
import type { RandomSource } from "./words-at.ts";

/**
 * True with probability `p`, for element `index`: never at 0, always at 1.
 *
 * @param index - i32
 * @param p - f32 or f64 in [0, 1]
 * @returns bool
 * @example
 * const source = { seed: [arg(0, "u32"), arg(1, "u32")], stream: [arg(2, "u32"), arg(3, "u32")] } as const;
 * const keep = bernoulliAt(offset(0), source, f32(0.9));
 */
export const bernoulliAt = (index: Expr, source: RandomSource, p: Expr): Expr =>
  lt(uniformAt(index, source, p.type === "f64" ? "f64" : "f32"), p);
