import type { Expr } from "../expr.ts";
import { f32, madd } from "../expr.ts";

/** `c0 + c1 x + c2 x² + ...` by Horner's rule, `rest` being the float32 coefficients lowest first: one `madd` each but the last. */
export function polynomial(x: Expr, ...coefficients: readonly number[]): Expr {
  return coefficients
    .slice(0, -1)
    .reduceRight<Expr>((sum, c) => madd(sum, x, f32(c)), f32(coefficients[coefficients.length - 1] as number));
}
