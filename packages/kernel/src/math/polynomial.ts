import type { Expr } from "../expr.ts";
import { constant, madd } from "../expr.ts";

/** `c0 + c1 x + c2 x² + ...` by Horner's rule, coefficients of x's type, lowest first: one `madd` each but the last. */
export function polynomial(x: Expr, ...coefficients: readonly number[]): Expr {
  const [highest, ...others] = coefficients.map((c) => constant(x.type, c)).reverse();
  return others.reduce((sum, c) => madd(sum, x, c), highest as Expr);
}
