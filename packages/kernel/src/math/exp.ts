import type { Expr } from "../expr.ts";
import { abs, add, bitcast, f32, i32, lt, madd, mul, neg, round, select, shl, sub } from "../expr.ts";
import { atLeast, atMost } from "./clamp.ts";
import { polynomial } from "./polynomial.ts";

const INVERSE_LN2 = 1.4426950216293335;

// ln 2 in two parts. The first has 16 bits, so that its product with a quotient of up to 8 bits is exact without a fused multiply-add.
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606765330187e-6;

/** `x = n step ln 2 + r`, with n an integer and |r| <= step ln 2 / 2 (and half an ulp). */
function reduceByLn2(x: Expr, step: 1 | 2): { n: Expr; r: Expr } {
  const n = round(mul(x, f32(INVERSE_LN2 / step)));
  const r = madd(n, f32(-LN2_LOW * step), madd(n, f32(-LN2_HIGH * step), x));
  return { n, r };
}

/** 2^n for an integral float -126 <= n <= 127: adding 1.5 * 2^23 leaves n + 127 in the low bits, which the shift makes the exponent. */
export function powerOfTwo(n: Expr): Expr {
  return bitcast(shl(bitcast(add(n, f32(12582912 + 127)), "i32"), i32(23)), "f32");
}

/** `e^x = p 2^n`, with p in [0.707, 1.415] and n an integral float. */
export function expParts(x: Expr): { p: Expr; n: Expr } {
  const { n, r } = reduceByLn2(x, 1);
  // Minimax of 1 + r + r² q on [-½ ln 2, ½ ln 2]: relative error 2^-28.1 (reference/minimax.py exphalf).
  const q = polynomial(
    r,
    0.4999999403953552,
    0.16666509211063385,
    0.041668009012937546,
    0.0083699906244874,
    0.0013847064692527056,
  );
  return { p: add(madd(mul(r, r), q, r), f32(1)), n };
}

/** e^x for -87 <= x <= 88, where neither it nor the power of two beside it leaves the normal range. */
export function moderateExp(x: Expr): Expr {
  const { p, n } = expParts(x);
  return mul(p, powerOfTwo(n));
}

/**
 * e^x in float32. Subnormal results are rounded once, like all others.
 *
 * Maximum error over every float32: 1.7 ulp.
 */
export function expF32(x: Expr): Expr {
  // e^x = p s² with s a power of two: two factors, because s² may overflow or be subnormal. Reducing by 2 ln 2 makes both the same, at
  // the price of one coefficient. Beyond the bounds the result is infinite or rounds to 0; within, n stays between -75 and 64.
  const { n, r } = reduceByLn2(atLeast(atMost(x, f32(89)), f32(-104)), 2);
  // Minimax of 1 + r + r² q on [-ln 2, ln 2]: relative error 2^-25.8 (reference/minimax.py exp).
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
  const s = powerOfTwo(n);
  return mul(mul(p, s), s);
}

/**
 * e^x - 1 in float32, accurate near 0.
 *
 * Maximum error over every float32: 1.6 ulp.
 */
export function expm1F32(x: Expr): Expr {
  const { n, r } = reduceByLn2(atLeast(atMost(x, f32(89)), f32(-18)), 2);
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
