import type { Expr } from "../expr.ts";
import { bitcast, cast, constant, f32, f64, madd, mul, shr, u32 } from "../expr.ts";
import { type RandomSource, wordsAt } from "./words-at.ts";

/** A word with its lowest `bits` shifted out, as a float. What is left is below 2^31, which converts fastest as a signed integer. */
export const upperBits = (word: Expr, bits: number, type: "f32" | "f64"): Expr =>
  cast(bitcast(shr(word, u32(bits)), "i32"), type);

/** A number in [0, 1) from the upper 24 bits of a word: the multiples of 2^-24, as `torch.rand` gives on the CPU. */
export const uniformFloat32 = (word: Expr): Expr => mul(upperBits(word, 8, "f32"), f32(2 ** -24));

/** A number in [0, 1) from 53 bits of two words: the multiples of 2^-53. */
export const uniformFloat64 = (high: Expr, low: Expr): Expr =>
  mul(madd(upperBits(high, 5, "f64"), f64(2 ** 26), upperBits(low, 6, "f64")), constant("f64", 2 ** -53));

/**
 * A number in [0, 1) for element `index`.
 *
 * @param index - i32
 * @returns a multiple of 2^-24 in float32, of 2^-53 in float64
 * @example
 * const source = { seed: [arg(0, "u32"), arg(1, "u32")], stream: [arg(2, "u32"), arg(3, "u32")] } as const;
 * const rand = uniformAt(offset(0), source);
 */
export function uniformAt(index: Expr, source: RandomSource, type: "f32" | "f64" = "f32"): Expr {
  const [first, second] = wordsAt(index, source);
  return type === "f32" ? uniformFloat32(first) : uniformFloat64(first, second);
}
