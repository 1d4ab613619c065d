import type { Expr } from "../expr.ts";
import { add, bitcast, cast, lt, mul, mulhi, sub } from "../expr.ts";
import { type RandomSource, wordsAt } from "./words-at.ts";

/**
 * An integer in [low, high) for element `index`: the upper half of a 64-bit word times the size of the range. No integer is likelier than
 * another by more than 2^-32 of its probability.
 *
 * @param index - i32
 * @param low - i32
 * @param high - i32, above `low`; the distance may be anything up to 2^32 - 1
 * @returns i32
 * @example
 * const source = { seed: [arg(0, "u32"), arg(1, "u32")], stream: [arg(2, "u32"), arg(3, "u32")] } as const;
 * const die = randintAt(offset(0), source, i32(1), i32(7));
 */
export function randintAt(index: Expr, source: RandomSource, low: Expr, high: Expr): Expr {
  const [upper, lower] = wordsAt(index, source);
  const size = bitcast(sub(high, low), "u32");
  const partial = mul(upper, size);
  const carry = cast(lt(add(partial, mulhi(lower, size)), partial), "u32");
  return add(low, bitcast(add(mulhi(upper, size), carry), "i32"));
}
