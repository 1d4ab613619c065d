import type { Expr } from "../expr.ts";
import { add, and, bitcast, f32, gt, lt, or, select, shl, shr, sub, u32 } from "../expr.ts";

/**
 * The value of a float16 as a float32, from its 16 bits. Exact; a NaN stays one.
 *
 * @param bits - u32, the float16 in the low half and zeros above
 * @example
 * float16ToFloat32(expr.u32(0x3c00)).type; // => "f32"
 */
export function float16ToFloat32(bits: Expr): Expr {
  const sign = shl(and(bits, u32(0x8000)), u32(16));
  const size = and(bits, u32(0x7fff));
  const placed = shl(size, u32(13));
  const normal = bitcast(add(placed, u32(112 << 23)), "f32");
  // A subnormal's fraction, given the exponent of 2^-14, is 2^-14 too large. (A product would start from a subnormal float32, which some
  // devices take for 0.)
  const subnormal = sub(bitcast(add(placed, u32(113 << 23)), "f32"), f32(2 ** -14));
  // Infinity and NaN have the highest exponent in both.
  const special = bitcast(or(placed, u32(0x7f800000)), "f32");
  const finite = select(lt(size, u32(0x400)), subnormal, normal);
  const magnitude = select(gt(size, u32(0x7bff)), special, finite);
  return bitcast(or(bitcast(magnitude, "u32"), sign), "f32");
}

/**
 * The bits of the float16 nearest to a float32, halves to even: u32, in the low half. Beyond 65520 it is infinite; a NaN becomes the quiet
 * one with the same sign.
 *
 * @param x - f32
 * @example
 * float32ToFloat16(expr.f32(1)).type; // => "u32"
 */
export function float32ToFloat16(x: Expr): Expr {
  const bits = bitcast(x, "u32");
  const sign = and(shr(bits, u32(16)), u32(0x8000));
  const size = and(bits, u32(0x7fffffff));
  // 13 bits go: add half of their unit less one, and the last bit that stays, so that halves go to even. Then change the bias of the exponent.
  const half = add(u32(0xfff), and(shr(size, u32(13)), u32(1)));
  const normal = sub(shr(add(size, half), u32(13)), u32(112 << 10));
  // Below 2^-14 the spacing is 2^-24: adding 0.5, whose spacing that is, rounds and leaves the number in the low bits.
  const small = sub(bitcast(add(bitcast(size, "f32"), f32(0.5)), "u32"), u32(0x3f000000));
  const finite = select(lt(size, u32(0x38800000)), small, normal);
  const special = select(gt(size, u32(0x7f800000)), u32(0x7e00), u32(0x7c00));
  return or(sign, select(lt(size, u32(0x477ff000)), finite, special));
}
