import type { Expr } from "../expr.ts";
import { abs, add, div, f32, lt, madd, mul, select, sub } from "../expr.ts";
import { atMost } from "./clamp.ts";
import { moderateExp } from "./exp.ts";
import { polynomial } from "./polynomial.ts";
import { copySign } from "./sign.ts";

/**
 * tanh in float32: an odd polynomial below 0.625, 1 - 2 / (e^2|x| + 1) above.
 *
 * Maximum error over every float32: 1.4 ulp.
 */
export function tanhF32(x: Expr): Expr {
  const size = abs(x);
  const squared = moderateExp(atMost(add(size, size), f32(40)));
  const large = sub(f32(1), div(f32(2), add(squared, f32(1))));
  const square = mul(size, size);
  // Minimax of (tanh x / x - 1) / x² in x² up to 0.625²: relative error of tanh 2^-27.7 (reference/minimax.py tanh).
  const q = polynomial(
    square,
    -0.3333328068256378,
    0.13331405818462372,
    -0.05373651534318924,
    0.02062816731631756,
    -0.0056922961957752705,
  );
  const small = madd(mul(q, square), size, size);
  return copySign(select(lt(size, f32(0.625)), small, large), x);
}
