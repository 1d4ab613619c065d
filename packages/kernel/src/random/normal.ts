import type { Expr } from "../expr.ts";
import { add, f32, f64, log, mul, round, sqrt, sub, unary } from "../expr.ts";
import { logOfNormal } from "../math/log.ts";
import { sineOfQuarters } from "../math/sine.ts";
import { uniformFloat32, uniformFloat64, upperBits } from "./uniform.ts";
import { type RandomSource, wordsAt } from "./words-at.ts";

/**
 * A number from the standard normal distribution for element `index`, by Box and Muller's transform: `√(-2 ln u) cos(2π v)`.
 *
 * In float32 u has 31 bits, so that numbers reach 6.5; in float64 both have 53 and numbers reach 8.5.
 *
 * @param index - i32
 * @example
 * const source = { seed: [arg(0, "u32"), arg(1, "u32")], stream: [arg(2, "u32"), arg(3, "u32")] } as const;
 * const randn = normalAt(offset(0), source);
 * @see {@link https://doi.org/10.1214/aoms/1177706645 | Box & Muller 1958}
 */
export function normalAt(index: Expr, source: RandomSource, type: "f32" | "f64" = "f32"): Expr {
  const words = wordsAt(index, source);
  return type === "f32" ? normalFloat32(words[0], words[1]) : normalFloat64(words[0], words[1], words[2], words[3]);
}

/** A standard normal number from two words. */
export function normalFloat32(first: Expr, second: Expr): Expr {
  // In (0, 1]: the logarithm is finite.
  const u = mul(add(upperBits(first, 1, "f32"), f32(1)), f32(2 ** -31));
  // Four times v is a number of quarter turns, which reduces exactly, where 2π v would be rounded first.
  const quarters = mul(uniformFloat32(second), f32(4));
  const whole = round(quarters);
  const cosine = sineOfQuarters(whole, mul(sub(quarters, whole), f32(Math.fround(Math.PI / 2))), 1);
  return mul(sqrt(mul(logOfNormal(u), f32(-2))), cosine);
}

function normalFloat64(first: Expr, second: Expr, third: Expr, fourth: Expr): Expr {
  const u = sub(f64(1), uniformFloat64(first, second));
  const angle = mul(uniformFloat64(third, fourth), f64(2 * Math.PI));
  return mul(sqrt(mul(log(u), f64(-2))), unary("cos", angle));
}
