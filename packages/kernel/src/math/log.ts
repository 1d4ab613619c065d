import type { Expr } from "../expr.ts";
import { add, and, binary, bitcast, cast, eq, f32, gt, i32, lt, madd, mul, select, shl, shr, sub } from "../expr.ts";
import { polynomial } from "./polynomial.ts";

/** ln 2 in two parts. The first has 16 bits, so that its product with an exponent is exact without a fused multiply-add. */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606765330187e-6;

const SMALLEST_NORMAL = 1.1754943508222875e-38;
const SQRT_HALF_BITS = 0x3f3504f3;

/** `x = 2^n m` for a normal positive float, with n an integer (i32) and m in [√½, √2). */
export function splitExponent(x: Expr): { n: Expr; m: Expr } {
  const above = sub(bitcast(x, "i32"), i32(SQRT_HALF_BITS));
  return { n: shr(above, i32(23)), m: bitcast(add(and(above, i32(0x7fffff)), i32(SQRT_HALF_BITS)), "f32") };
}

/** `n ln 2 + log(1 + f)` for an integral float n and f in [√½ - 1, √2 - 1]. */
function logOfParts(n: Expr, f: Expr): Expr {
  // Minimax of log(1 + f) = f - f²/2 + f³ q: relative error 2^-25.7 (reference/minimax.py log).
  const q = polynomial(
    f,
    0.3333333134651184,
    -0.2500082552433014,
    0.20001265406608582,
    -0.16623200476169586,
    0.1420069932937622,
    -0.13158343732357025,
    0.1275554746389389,
    -0.07622995227575302,
  );
  const low = madd(mul(f, f), madd(q, f, f32(-0.5)), mul(n, f32(LN2_LOW)));
  return madd(n, f32(LN2_HIGH), add(f, low));
}

/** `finite` where x is a positive number, and IEEE's answers elsewhere: -Infinity at ±0, NaN below, Infinity and NaN as they are. */
function withLogSpecials(x: Expr, finite: Expr): Expr {
  const positive = select(lt(x, f32(Number.POSITIVE_INFINITY)), finite, x);
  return select(gt(x, f32(0)), positive, select(eq(x, f32(0)), f32(Number.NEGATIVE_INFINITY), f32(Number.NaN)));
}

/** log(x) for a normal positive x. */
export function logOfNormal(x: Expr): Expr {
  const { n, m } = splitExponent(x);
  return logOfParts(cast(n, "f32"), sub(m, f32(1)));
}

/**
 * The natural logarithm in float32.
 *
 * Maximum error over every float32: 1.0 ulp.
 */
export function logF32(x: Expr): Expr {
  const subnormal = lt(x, f32(SMALLEST_NORMAL));
  const { n, m } = splitExponent(select(subnormal, mul(x, f32(2 ** 23)), x));
  const exponent = sub(cast(n, "f32"), select(subnormal, f32(23), f32(0)));
  return withLogSpecials(x, logOfParts(exponent, sub(m, f32(1))));
}

/**
 * log(1 + x) in float32, accurate near 0.
 *
 * Maximum error over every float32: 1.7 ulp.
 */
export function log1pF32(x: Expr): Expr {
  const u = add(f32(1), x);
  const { n, m } = splitExponent(u);
  // What the sum rounded off, scaled as m is; with n = 0, f is x itself.
  const lost = select(lt(x, f32(1)), sub(x, sub(u, f32(1))), sub(f32(1), sub(u, x)));
  // 2^-n, or 0 where nothing of what was lost is left.
  const scale = bitcast(binary("max", sub(i32(0x3f800000), shl(n, i32(23))), i32(0)), "f32");
  const f = madd(lost, scale, sub(m, f32(1)));
  // Adding 1 loses the sign of -0.
  return select(eq(x, f32(0)), x, withLogSpecials(u, logOfParts(cast(n, "f32"), f)));
}
