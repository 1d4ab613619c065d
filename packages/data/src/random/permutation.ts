import { philox } from "./philox.ts";

/** Where a shuffle comes from: the same two integers give the same order on every machine. */
export interface ShuffleState {
  /** A whole number from 0 to 2^53 - 1. */
  seed: number;
  /** Which shuffle of this seed, from 0. */
  epoch: number;
}

/** @throws {RangeError} if `seed` is not a whole number from 0 to 2^53 - 1 */
export function checkSeed(where: string, seed: number): void {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`${where}: seed must be a whole number from 0 to 2^53 - 1, got ${seed}.`);
  }
}

/**
 * The numbers from 0 to `count - 1` in random order, every order as likely as any other.
 *
 * @throws {RangeError} if `seed` is not a whole number from 0 to 2^53 - 1
 * @example
 * permutation(5, { seed: 0, epoch: 0 }).toSorted(); // => Int32Array [0, 1, 2, 3, 4]
 */
export function permutation(count: number, { seed, epoch }: ShuffleState): Int32Array {
  checkSeed("permutation", seed);
  const below = integers(seed, epoch);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  // Fisher and Yates: each place takes one of those not taken yet.
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1);
    const taken = order[i] as number;
    order[i] = order[j] as number;
    order[j] = taken;
  }
  return order;
}

/** A source of whole numbers below a bound. */
function integers(seed: number, epoch: number): (bound: number) => number {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)] as const;
  let block = 0;
  let words: readonly number[] = [];
  let used = 4;
  const next = (): number => {
    if (used === 4) {
      words = philox([block++, 0, epoch >>> 0, Math.floor(epoch / 2 ** 32)], key);
      used = 0;
    }
    return words[used++] as number;
  };
  return (bound) => {
    // Words above the last whole multiple of the bound would favour the small remainders.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = next();
    while (word >= limit) word = next();
    return word % bound;
  };
}
