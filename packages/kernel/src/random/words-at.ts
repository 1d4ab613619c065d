import type { Expr } from "../expr.ts";
import { bitcast, u32 } from "../expr.ts";
import { type FourWords, philox, type TwoWords } from "./philox.ts";

/** Where random numbers come from: u32 expressions, usually kernel arguments, so that a new seed never recompiles. */
export interface RandomSource {
  /** The 64-bit seed, low word first. */
  readonly seed: TwoWords<Expr>;
  /** Which of the seed's 2^64 streams, low word first: a generator takes a new one for each tensor it fills. */
  readonly stream: TwoWords<Expr>;
}

/**
 * The four random words of element `index`: Philox's counter is (index, 0, stream), its key the seed, so that an element's numbers depend
 * on nothing else and every device draws the same.
 *
 * @param index - i32
 * @returns u32 expressions
 */
export function wordsAt(index: Expr, { seed, stream }: RandomSource): FourWords<Expr> {
  return philox([bitcast(index, "u32"), u32(0), ...stream], seed);
}
