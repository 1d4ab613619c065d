import type { Expr } from "../expr.ts";
import { abs, add, bitcast, f32, i32, lt, madd, mul, neg, round, select, shl, sub } from "../expr.ts";
import { atLeast, atMost } from "./clamp.ts";
import { polynomial } from "./polynomial.ts";

// 1 / (2 ln 2), and 2 ln 2 in two parts. The first has 16 bits, so that its product with a quotient of up to 8 bits is exact without a
// fused multiply-add.
const INVERSE_TWO_LN2 = 0.7213475108146667;
const TWO_LN2_HIGH = 1.38629150390625;
const TWO_LN2_LOW = 2.857213530660374e-6;

/** `x = 2 n ln 2 + r`, with n an integer and |r| <= ln 2 (and half an ulp). */
function reduceByTwoLn2(x: Expr): { n: Expr; r: Expr } {
  const n = round(mul(x, f32(INVERSE_TWO_LN2)));
  const r = madd(n, f32(-TWO_LN2_LOW), madd(n, f32(-TWO_LN2_HIGH), x));
  return { n, r };
}

/** 2^n for an integral float -126 <= n <= 127: adding 1.5 * 2^23 leaves n + 127 in the low bits, which the shift makes the exponent. */
export function powerOfTwo(n: Expr): Expr {
  return bitcast(shl(bitcast(add(n, f32(12582912 + 127)), "i32"), i32(23)), "f32");
}

/** `e^x = p s²`, with p in [0.49, 2.01] and s a power of two, for -104 <= x <= 90. Two factors, because s² may overflow or be subnormal. */
export function expParts(x: Expr): { p: Expr; s: Expr } {
  const { n, r } = reduceByTwoLn2(x);
  // Minimax on [-ln 2, ln 2] with 1 + r fixed: relative error 2^-25.8 (reference/minimax.py exp).
  const q = polynomial(
    r,
    0.5000003576278687,
    0.1666659563779831,
    0.041661083698272705,
    0.008337188512086868,
    0.0014108746545389295,
    0.0001946498523466289,
  );
  const p = add(madd(mul(r, r), q, r), f32(1));
  return { p, s: powerOfTwo(n) };
}

/**
 * e^x in float32. Subnormal results are rounded once, like all others.
 *
 * Maximum error over every float32: 1.7 ulp.
 */
export function expF32(x: Expr): Expr {
  // Beyond these the result is infinite or rounds to 0; within, n stays between -75 and 64.
  const { p, s } = expParts(atLeast(atMost(x, f32(89)), f32(-104)));
  return mul(mul(p, s), s);
}

/**
 * e^x - 1 in float32, accurate near 0.
 *
 * Maximum error over every float32: 1.5 ulp.
 */
export function expm1F32(x: Expr): Expr {
  const { n, r } = reduceByTwoLn2(atLeast(atMost(x, f32(89)), f32(-18)));
  // Minimax on [-ln 2, ln 2]: relative error of r + r² q 2^-27.2 (reference/minimax.py expm1).
  const q = polynomial(
    r,
    0.5000000596046448,
    0.16666670143604279,
    0.04166587069630623,
    0.008332733064889908,
    0.0013915147865191102,
    0.00020086152653675526,
    2.2459265892393887e-5,
  );
  const m = madd(mul(q, r), r, r);
  // s² (1 + m) - 1 = (s m + s - 1/s) s, which overflows only where the result does.
  const s = powerOfTwo(n);
  const y = mul(madd(m, s, sub(s, powerOfTwo(neg(n)))), s);
  // The sum with s - 1/s = 0 would lose the sign of -0.
  return select(lt(abs(x), f32(2 ** -30)), x, y);
}
