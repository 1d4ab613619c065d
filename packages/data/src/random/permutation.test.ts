import { describe, expect, it } from "vitest";
import { permutation } from "./permutation.ts";

describe("permutation", () => {
  it.each([0, 1, 2, 7, 1797])("of %i holds every number once", (count) => {
    const order = permutation(count, { seed: 3, epoch: 1 });
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it("depends on the seed and on the epoch, and on nothing else", () => {
    const order = permutation(50, { seed: 1, epoch: 0 });
    expect(permutation(50, { seed: 1, epoch: 0 })).toEqual(order);
    expect(permutation(50, { seed: 1, epoch: 1 })).not.toEqual(order);
    expect(permutation(50, { seed: 2, epoch: 0 })).not.toEqual(order);
    expect(permutation(50, { seed: 1 + 2 ** 32, epoch: 0 })).not.toEqual(order);
  });

  it("gives all orders of four equally often", () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let epoch = 0; epoch < draws; epoch++) {
      const key = permutation(4, { seed: 5, epoch }).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: a fair source is above 49.7 once in a thousand seeds.
    expect(chiSquare).toBeLessThan(49.7);
  });

  it("refuses a seed that is no whole number", () => {
    expect(() => permutation(3, { seed: -1, epoch: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: permutation: seed must be a whole number from 0 to 2^53 - 1, got -1.]`,
    );
    expect(() => permutation(3, { seed: 0.5, epoch: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: permutation: seed must be a whole number from 0 to 2^53 - 1, got 0.5.]`,
    );
  });
});
