import type { Expr } from "../expr.ts";
import {
  abs,
  add,
  and,
  bitcast,
  cast,
  div,
  eq,
  f32,
  gt,
  i32,
  lt,
  madd,
  mul,
  ne,
  not,
  or,
  round,
  select,
  sqrt,
  sub,
  trunc,
  xor,
} from "../expr.ts";
import { atLeast, atMost } from "./clamp.ts";
import { powerOfTwo } from "./exp.ts";
import { splitExponent } from "./log.ts";
import { polynomial } from "./polynomial.ts";
import { signBit } from "./sign.ts";

// 2 / ln 2 and a third of it, in two parts.
const TWO_OVER_LN2_HIGH = 2.885390043258667;
const TWO_OVER_LN2_LOW = 3.851926067000022e-8;
const THIRD_HIGH = 0.961669921875;
const THIRD_LOW = 0.00012677205086220056;

/** The upper 12 bits of the significand: products of two such numbers are exact, and no compiler can simplify the masking away. */
const upper = (x: Expr): Expr => bitcast(and(bitcast(x, "i32"), i32(-0x1000)), "f32");

/**
 * log2 of a positive, finite, float as high + low, to about 36 bits; `high` has 12.
 *
 * With x = 2^n m and s = (m - 1) / (m + 1), log2 m = s (2/ln 2 + w), w = s² (2/(3 ln 2) + s² q(s²)).
 */
function log2InTwoParts(x: Expr): { high: Expr; low: Expr } {
  const isSubnormal = lt(x, f32(2 ** -126));
  const { n: exponent, m } = splitExponent(select(isSubnormal, mul(x, f32(2 ** 23)), x));
  const n = sub(cast(exponent, "f32"), select(isSubnormal, f32(23), f32(0)));

  // s = sHigh + sLow, by one step of long division. The numerator is exact; the denominator is kept in two parts.
  const numerator = sub(m, f32(1));
  const denominator = add(m, f32(1));
  const reciprocal = div(f32(1), denominator);
  const dHigh = upper(denominator);
  const dLow = sub(m, sub(dHigh, f32(1)));
  const s = mul(numerator, reciprocal);
  const sHigh = upper(s);
  const remainder = madd(sHigh, mul(dLow, f32(-1)), sub(numerator, mul(sHigh, dHigh)));
  const sLow = mul(remainder, reciprocal);

  // u = s² = uHigh + uLow
  const squareHigh = mul(sHigh, sHigh);
  const uHigh = upper(squareHigh);
  const uLow = madd(add(s, sHigh), sLow, sub(squareHigh, uHigh));
  const u = add(uHigh, uLow);
  // Minimax to (√2 - 1)⁴: error in w 2^-35.2 (reference/minimax.py log2).
  const q = polynomial(u, 0.577080249786377, 0.41184401512145996, 0.337959885597229);
  const wHigh = mul(uHigh, f32(THIRD_HIGH));
  const wLow = madd(uLow, f32(THIRD_HIGH), mul(u, madd(q, u, f32(THIRD_LOW))));

  // v = 2/ln 2 + w, then s v
  const vHigh = upper(add(wHigh, f32(TWO_OVER_LN2_HIGH)));
  const vLow = add(add(sub(f32(TWO_OVER_LN2_HIGH), vHigh), wHigh), add(wLow, f32(TWO_OVER_LN2_LOW)));
  const productHigh = mul(sHigh, vHigh);
  const productLow = madd(sLow, vHigh, mul(s, vLow));

  const high = upper(add(n, add(productHigh, productLow)));
  return { high, low: add(add(sub(n, high), productHigh), productLow) };
}

/** 2^(high + low), for `high` anything but NaN and `low` below one. */
function exp2OfParts(high: Expr, low: Expr): Expr {
  const n = round(atLeast(atMost(add(high, low), f32(130)), f32(-152)));
  const r = atLeast(atMost(add(sub(high, n), low), f32(0.5 + 2 ** -10)), f32(-0.5 - 2 ** -10));
  // Minimax of (2^r - 1) / r on [-½, ½]: relative error 2^-26.6 (reference/minimax.py exp2).
  const q = polynomial(
    r,
    0.6931472420692444,
    0.24022655189037323,
    0.05550272762775421,
    0.009617064148187637,
    0.0013418325688689947,
    0.00015853048535063863,
  );
  // 2^n in two factors, because it may overflow or be subnormal where the result is not.
  const half = round(mul(n, f32(0.5)));
  return mul(mul(madd(q, r, f32(1)), powerOfTwo(half)), powerOfTwo(sub(n, half)));
}

/** Powers that have an op of their own, which is faster and rounds once or twice. */
const simplePowers: Readonly<Record<number, (x: Expr) => Expr>> = {
  1: (x) => x,
  2: (x) => mul(x, x),
  3: (x) => mul(mul(x, x), x),
  [-1]: (x) => div(f32(1), x),
  // A power is Infinity at -Infinity and 0 at -0; a square root is neither.
  0.5: (x) => select(eq(abs(x), f32(Number.POSITIVE_INFINITY)), abs(x), select(eq(x, f32(0)), f32(0), sqrt(x))),
};

/**
 * x^y in float32, with every special case of IEEE 754 and C: 1 for x = 1 or y = 0 whatever the other, signs for odd integers y, NaN for a
 * negative x and a finite y that is no integer.
 *
 * Maximum error found over a thousand million points: 1.3 ulp.
 */
export function powF32(x: Expr, y: Expr): Expr {
  const simple = y.op === "const" ? simplePowers[y.value] : undefined;
  if (simple) return simple(x);
  const size = abs(x);
  const log = log2InTwoParts(size);
  // No power beyond 2^60 is finite but of 1; the bound keeps the products finite.
  const bounded = atLeast(atMost(y, f32(2 ** 60)), f32(-(2 ** 60)));
  const yHigh = upper(bounded);
  const yLow = sub(bounded, yHigh);
  const low = madd(yLow, log.high, mul(bounded, log.low));

  // At 0, Infinity and NaN the logarithm is -Infinity, Infinity and NaN.
  const isRegular = and(gt(size, f32(0)), lt(size, f32(Number.POSITIVE_INFINITY)));
  const limit = select(eq(size, f32(0)), f32(Number.NEGATIVE_INFINITY), size);
  const magnitude = exp2OfParts(select(isRegular, mul(yHigh, log.high), mul(y, limit)), select(isRegular, low, f32(0)));

  const isInteger = eq(y, trunc(y));
  const halfY = mul(y, f32(0.5));
  const isOdd = and(isInteger, ne(halfY, trunc(halfY)));
  const signed = bitcast(xor(bitcast(magnitude, "i32"), select(isOdd, signBit(x), i32(0))), "f32");
  const isUndefined = and(lt(x, f32(0)), and(not(isInteger), gt(x, f32(Number.NEGATIVE_INFINITY))));
  const isOne = or(eq(x, f32(1)), eq(y, f32(0)));
  return select(isOne, f32(1), select(isUndefined, f32(Number.NaN), signed));
}
