import type { DType } from "@anneal/kernel";

/** Choices that are the same every time, for tests. */
export interface Dice {
  /** In [0, 1). */
  unit(): number;
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** The mulberry32 generator. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    unit,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] as (typeof items)[number],
    shuffled: (items) => {
      const rest = [...items];
      return items.map(() => rest.splice(integer(0, rest.length - 1), 1)[0] as (typeof items)[number]);
    },
  };
}

const specials = [NaN, Infinity, -Infinity, -0, 0, 1, -1, 2 ** -149, 3.4028234663852886e38];

/** `count` numbers that fit the dtype. */
export function randomNumbers(
  { unit, integer, pick }: Dice,
  count: number,
  dtype: DType,
  { special = false }: { readonly special?: boolean } = {},
): number[] {
  return Array.from({ length: count }, () => {
    switch (dtype) {
      case "bool":
        return integer(0, 1);
      case "uint8":
        return integer(0, 255);
      case "int32":
      case "int64":
        return integer(-40, 40);
      default:
        if (special && unit() < 0.15) return pick(specials);
        return Math.fround(unit() < 0.2 ? integer(-3, 3) : unit() * 6 - 3);
    }
  });
}

/** Sizes of up to `rank` dimensions, each up to `largest`; now and then one is empty. */
export function randomShape({ unit, integer }: Dice, rank: number, largest: number): number[] {
  return Array.from({ length: integer(0, rank) }, () => (unit() < 0.03 ? 0 : integer(1, largest)));
}
