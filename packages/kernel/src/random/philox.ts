import type { Expr } from "../expr.ts";
import { add, mulhi as high, mul, u32, xor } from "../expr.ts";
import { mulhi } from "../js/scalars.ts";

/** Four 32-bit unsigned integers, or expressions of them. */
export type FourWords<T> = readonly [T, T, T, T];
/** Two 32-bit unsigned integers, or expressions of them: a 64-bit number, low word first. */
export type TwoWords<T> = readonly [T, T];

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** What the key grows by from round to round: the golden ratio's fraction, and √3's. */
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/**
 * Philox-4x32-10, a counter-based random generator: four independent words for every counter under a key, with no state to keep.
 *
 * @param counter - u32 expressions
 * @param key - u32 expressions
 * @returns u32 expressions, each word uniform
 * @see {@link https://doi.org/10.1145/2063384.2063405 | Parallel random numbers: as easy as 1, 2, 3; Salmon et al. 2011}
 */
export function philox(counter: FourWords<Expr>, key: TwoWords<Expr>): FourWords<Expr> {
  const [first, second] = MULTIPLIERS.map(u32) as [Expr, Expr];
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < ROUNDS; round++) {
    // The keys of all rounds depend on nothing but the key: loops compute them once.
    const k0 = add(key[0], u32(Math.imul(WEYL[0], round) >>> 0));
    const k1 = add(key[1], u32(Math.imul(WEYL[1], round) >>> 0));
    [c0, c1, c2, c3] = [
      xor(xor(high(c2, second), c1), k0),
      mul(c2, second),
      xor(xor(high(c0, first), c3), k1),
      mul(c0, first),
    ];
  }
  return [c0, c1, c2, c3];
}

/**
 * The same words as plain numbers, for what is not worth a kernel: shuffles, seeds, initial states.
 *
 * @param counter - unsigned integers below 2^32
 * @param key - unsigned integers below 2^32
 * @example
 * philoxWords([0, 0, 0, 0], [0, 0]); // => [1713891541, 3781805453, 3159862348, 2600524760]
 */
export function philoxWords(counter: FourWords<number>, key: TwoWords<number>): FourWords<number> {
  const [first, second] = MULTIPLIERS;
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = [mulhi(c0, first), Math.imul(c0, first)];
    const [high2, low2] = [mulhi(c2, second), Math.imul(c2, second)];
    [c0, c1, c2, c3] = [(high2 ^ c1 ^ k0) >>> 0, low2 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    [k0, k1] = [(k0 + WEYL[0]) >>> 0, (k1 + WEYL[1]) >>> 0];
  }
  return [c0, c1, c2, c3];
}
