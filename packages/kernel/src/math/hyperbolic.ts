import type { Expr } from "../expr.ts";
import { abs, add, div, f32, lt, madd, mul, select, sub } from "../expr.ts";
import { atMost } from "./clamp.ts";
import { expParts, powerOfTwo } from "./exp.ts";
import { polynomial } from "./polynomial.ts";
import { copySign } from "./sign.ts";

/** e^|x| / 2, which is finite wherever sinh and cosh are. */
function halfExp(size: Expr): Expr {
  const { p, n } = expParts(atMost(size, f32(90)));
  return mul(mul(p, powerOfTwo(sub(n, f32(2)))), f32(2));
}

/**
 * sinh in float32: an odd polynomial below 1, (e^|x| - e^-|x|) / 2 above.
 *
 * Maximum error over every float32: 1.7 ulp.
 */
export function sinhF32(x: Expr): Expr {
  const size = abs(x);
  const half = halfExp(size);
  const large = sub(half, div(f32(0.25), half));
  const square = mul(size, size);
  // Minimax in x² up to 1: relative error 2^-31.6 (reference/minimax.py sinh).
  const q = polynomial(square, 0.1666666716337204, 0.00833331048488617, 0.00019842895562760532, 2.7822131869470468e-6);
  const small = madd(mul(q, square), size, size);
  return copySign(select(lt(size, f32(1)), small, large), x);
}

/**
 * cosh in float32: (e^|x| + e^-|x|) / 2.
 *
 * Maximum error over every float32: 1.5 ulp.
 */
export function coshF32(x: Expr): Expr {
  const half = halfExp(abs(x));
  return add(half, div(f32(0.25), half));
}
