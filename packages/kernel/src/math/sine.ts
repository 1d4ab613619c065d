import type { Expr } from "../expr.ts";
import { add, and, bitcast, div, eq, f32, i32, madd, mul, ne, round, select, shl, sub, xor } from "../expr.ts";
import { atLeast, atMost } from "./clamp.ts";
import { polynomial } from "./polynomial.ts";

const TWO_OVER_PI = 0.6366197466850281;
/** Where float32's rounding of 2 x / π may take the reduced angle: a little beyond π/4. */
const LARGEST_ANGLE = 0.7950000166893005;

// π in parts of 8 bits and a remainder: a multiple of ½ below 2^15 has 16 bits, so that its product with each part is exact without a
// fused multiply-add. |x| < 1e5 stays below that.
const PI_PARTS = [
  3.140625, 0.000965118408203125, 2.5331974029541016e-6, 1.979060471057892e-9, 5.115907697472721e-12,
  1.0780605906948477e-14,
] as const;

/**
 * x - q π = r + low, for q the multiple of ½ that brings it near 0. Exact to half an ulp of r even next to a multiple of π: the first two
 * subtractions are exact, the next three keep what they round off.
 */
function subtractPi(x: Expr, q: Expr): { r: Expr; low: Expr } {
  const [first, second, ...more] = PI_PARTS;
  const last = more.pop() as number;
  let rest = madd(q, f32(-second), madd(q, f32(-first), x));
  let tail = mul(q, f32(-last));
  for (const part of more) {
    const next = madd(q, f32(-part), rest);
    tail = add(tail, madd(q, f32(-part), sub(rest, next)));
    rest = next;
  }
  const r = add(rest, tail);
  return { r, low: sub(tail, sub(r, rest)) };
}

/** 1.5 * 2^23 leaves an integral float's low bits where they can be tested. */
const integerBits = (n: Expr): Expr => bitcast(add(n, f32(12582912)), "i32");

/** sin((n + turns) π/2 + r), for an integral float n and r up to π/4, or a little beyond. */
export function sineOfQuarters(n: Expr, r: Expr, turns: 0 | 1): Expr {
  const square = mul(r, r);
  // Minimax in r² up to 0.795²: relative errors 2^-27.8 and 2^-32.7 (reference/minimax.py sin, cos).
  const q = polynomial(square, -0.16666653752326965, 0.008332104422152042, -0.00019507459364831448);
  const sine = madd(mul(q, square), r, r);
  const p = polynomial(square, 0.04166664555668831, -0.001388729433529079, 2.4429418772342615e-5);
  const cosine = madd(mul(square, square), p, madd(square, f32(-0.5), f32(1)));
  const quarter = turns === 0 ? integerBits(n) : add(integerBits(n), i32(turns));
  const isOdd = ne(and(quarter, i32(1)), i32(0));
  const sign = shl(and(quarter, i32(2)), i32(30));
  return bitcast(xor(bitcast(select(isOdd, cosine, sine), "i32"), sign), "f32");
}

/** sin(x + turns π/2). */
function shiftedSine(x: Expr, turns: 0 | 1): Expr {
  const n = round(mul(x, f32(TWO_OVER_PI)));
  const { r } = subtractPi(x, mul(n, f32(0.5)));
  // Beyond 1e5 r may be anything; the result should still be a sine.
  return sineOfQuarters(n, atLeast(atMost(r, f32(LARGEST_ANGLE)), f32(-LARGEST_ANGLE)), turns);
}

/**
 * sin in float32.
 *
 * Maximum error over every float32 below 1e5: 1.6 ulp. Beyond, the result stays in [-1, 1] and its phase is lost gradually.
 */
export function sinF32(x: Expr): Expr {
  // The reduction would lose the sign of -0.
  return select(eq(x, f32(0)), x, shiftedSine(x, 0));
}

/**
 * cos in float32.
 *
 * Maximum error over every float32 below 1e5: 1.6 ulp. Beyond, the result stays in [-1, 1] and its phase is lost gradually.
 */
export function cosF32(x: Expr): Expr {
  return shiftedSine(x, 1);
}

/**
 * tan in float32.
 *
 * Maximum error over every float32 below 1e5: 1.6 ulp. Beyond, its phase is lost gradually.
 */
export function tanF32(x: Expr): Expr {
  const n = round(mul(x, f32(TWO_OVER_PI)));
  const { r, low } = subtractPi(x, mul(n, f32(0.5)));
  const square = mul(r, r);
  // Minimax in r² up to 0.795²: relative error 2^-29.1 (reference/minimax.py tan).
  const q = polynomial(
    square,
    0.3333335220813751,
    0.13332562148571014,
    0.05407252535223961,
    0.02121291682124138,
    0.011023673228919506,
    -0.0001570956956129521,
    0.004501404706388712,
  );
  // r is rounded, and the cotangent doubles an error in ulp: keep what r and the tangent's sum round off.
  const cubic = mul(mul(q, square), r);
  const rough = add(r, cubic);
  const above = madd(low, madd(rough, rough, f32(1)), cubic);
  const tangent = add(r, above);
  const rest = sub(above, sub(tangent, r));
  const cotangent = div(f32(-1), tangent);
  const isOdd = ne(and(integerBits(n), i32(1)), i32(0));
  const turned = madd(mul(cotangent, cotangent), rest, cotangent);
  return select(eq(x, f32(0)), x, select(isOdd, turned, tangent));
}
