import { keep, memory, openScope, scope, type Tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { DataLoader } from "./data-loader.ts";
import type { Dataset } from "./dataset.ts";

/** A plain object is a data set. */
const counting = (length: number): Dataset<number[]> => ({ length, batch: (indices) => [...indices] });

const sorted = (batches: number[][]): number[] => batches.flat().sort((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("DataLoader", () => {
  it("gives every sample once, in order", () => {
    const loader = new DataLoader(counting(7), { batchSize: 3 });
    expect(loader.length).toBe(3);
    expect([...loader]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect([...loader]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it("gives single samples by default, as PyTorch does", () => {
    expect([...new DataLoader(counting(2))]).toEqual([[0], [1]]);
  });

  it("leaves out a smaller last batch with dropLast, and only then", () => {
    const loader = new DataLoader(counting(7), { batchSize: 3, dropLast: true });
    expect(loader.length).toBe(2);
    expect([...loader]).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect([...new DataLoader(counting(6), { batchSize: 3, dropLast: true })]).toHaveLength(2);
    expect([...new DataLoader(counting(2), { batchSize: 3, dropLast: true })]).toEqual([]);
  });

  it("gives nothing of an empty data set", () => {
    expect([...new DataLoader(counting(0), { shuffle: true })]).toEqual([]);
  });

  it("shuffles anew for each epoch, the same way for the same seed", () => {
    const make = (seed?: number) =>
      new DataLoader(counting(50), { batchSize: 8, shuffle: true, ...(seed !== undefined && { seed }) });
    const [a, b, other] = [make(1), make(1), make(2)];
    const first = [...a];
    const second = [...a];
    expect(sorted(first)).toEqual(upTo(50));
    expect(sorted(second)).toEqual(upTo(50));
    expect(second).not.toEqual(first);
    expect([...b]).toEqual(first);
    expect([...b]).toEqual(second);
    expect([...other]).not.toEqual(first);
    expect([...make()]).toEqual([...make(0)]);
  });

  it("goes on with the orders of a saved state, three integers", () => {
    const loader = new DataLoader(counting(20), { shuffle: true, seed: 9 });
    for (const _ of loader) break;
    const saved = loader.stateDict();
    expect(saved).toEqual({ seed: 9, epoch: 1, batch: 0 });
    const resumed = new DataLoader(counting(20), { shuffle: true });
    resumed.loadStateDict(saved);
    expect([...resumed]).toEqual([...loader]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "goes on in the middle of an epoch, after batch %i of 7, as if it had never stopped",
    (stop) => {
      const make = () => new DataLoader(counting(20), { batchSize: 3, shuffle: true, seed: 9 });
      const whole = make();
      const all = [...whole, ...whole];
      const loader = make();
      const seen: number[][] = [];
      let saved = loader.stateDict();
      if (stop > 0) {
        for (const batch of loader) {
          seen.push(batch);
          saved = loader.stateDict();
          if (seen.length === stop) break;
        }
      }
      expect(saved).toEqual({ seed: 9, epoch: 0, batch: stop });
      const resumed = make();
      resumed.loadStateDict(structuredClone(saved));
      expect(resumed.stateDict()).toEqual(saved);
      seen.push(...resumed);
      // The last batch is given and the epoch is not over: the loop has no batch left, and what comes after the loop is still to be done.
      expect(seen).toHaveLength(7);
      expect(resumed.stateDict()).toEqual({ seed: 9, epoch: 1, batch: 0 });
      expect([...seen, ...resumed]).toEqual(all);
    },
  );

  it("goes on where it is when a loop is given a state in its middle", () => {
    const loader = new DataLoader(counting(6), { shuffle: true, seed: 2 });
    const state = { seed: 2, epoch: 5, batch: 4 };
    for (const _ of loader) {
      loader.loadStateDict(state);
      break;
    }
    expect(loader.stateDict()).toEqual(state);
    expect([...loader]).toHaveLength(2);
  });

  it("takes a state of before batches were counted: its next loop begins at the beginning", () => {
    const loader = new DataLoader(counting(20), { shuffle: true });
    loader.loadStateDict({ seed: 9, epoch: 1 });
    expect(loader.stateDict()).toEqual({ seed: 9, epoch: 1, batch: 0 });
    expect([...loader]).toHaveLength(20);
  });

  it("names an option that is wrong", () => {
    expect(() => new DataLoader(counting(1), { batchSize: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader: batchSize must be a whole number of samples above 0, got 0.]`,
    );
    expect(() => new DataLoader(counting(1), { batchSize: 2.5 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader: batchSize must be a whole number of samples above 0, got 2.5.]`,
    );
    expect(() => new DataLoader(counting(1), { seed: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader: seed must be a whole number from 0 to 2^53 - 1, got -1.]`,
    );
    const loader = new DataLoader(counting(1));
    expect(() => loader.loadStateDict({ seed: 0, epoch: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader.loadStateDict: epoch must be a whole number from 0 up, got -1.]`,
    );
    expect(() => loader.loadStateDict({ seed: 0, epoch: 0, batch: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader.loadStateDict: batch must be a whole number from 0 up, got 0.5.]`,
    );
    expect(() => loader.loadStateDict({ seed: 0, epoch: 0, batch: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: DataLoader.loadStateDict: batch is 2, and an epoch has 1 batches. Build the loader with the data set and the batchSize it was saved with.]`,
    );
    expect(loader.stateDict()).toEqual({ seed: 0, epoch: 0, batch: 0 });
  });
});

describe("the memory of a batch", () => {
  const tensors: Dataset<Tensor> = { length: 4, batch: (indices) => zeros([indices.length]) };

  it("is freed when the next batch comes and when the loop ends", () => {
    const before = memory().tensors;
    const seen: Tensor[] = [];
    for (const batch of new DataLoader(tensors)) {
      for (const earlier of seen) expect(earlier.isFreed).toBe(true);
      expect(batch.isFreed).toBe(false);
      seen.push(batch, zeros([3]));
    }
    expect(seen.map((each) => each.isFreed)).toEqual(Array(8).fill(true));
    expect(memory().tensors).toBe(before);
  });

  it("is freed when the loop breaks or throws", () => {
    const seen: Tensor[] = [];
    for (const batch of new DataLoader(tensors)) {
      seen.push(batch);
      break;
    }
    expect(() => {
      for (const batch of new DataLoader(tensors)) {
        seen.push(batch);
        throw new Error("from the body");
      }
    }).toThrow("from the body");
    const failing: Dataset<Tensor> = {
      length: 1,
      batch() {
        seen.push(zeros([1]));
        throw new Error("from the data set");
      },
    };
    expect(() => [...new DataLoader(failing)]).toThrow("from the data set");
    expect(seen.map((each) => each.isFreed)).toEqual([true, true, true]);
    // No scope is left open: what is made now belongs to none.
    expect(zeros([1]).scope).toBeNull();
  });

  it("leaves alone what was made before, and what is kept", () => {
    const before = zeros([1]);
    const kept: Tensor[] = [];
    for (const batch of new DataLoader(tensors)) kept.push(keep(batch));
    expect([before, ...kept].some((each) => each.isFreed)).toBe(false);
    for (const each of [before, ...kept]) each.dispose();
  });

  it("belongs to the inner loop where loops are nested, and to the scope around where there is one", () => {
    scope(() => {
      const outside = zeros([1]);
      for (const outer of new DataLoader(tensors, { batchSize: 2 })) {
        for (const inner of new DataLoader(tensors, { batchSize: 4 }))
          expect([inner.isFreed, outer.isFreed]).toEqual([false, false]);
        expect(outer.isFreed).toBe(false);
      }
      expect(outside.isFreed).toBe(false);
    });
  });

  it("lasts over an await in the body", async () => {
    for (const batch of new DataLoader(tensors, { batchSize: 2 })) {
      expect(await batch.array()).toEqual([0, 0]);
      await Promise.resolve();
      expect(batch.isFreed).toBe(false);
    }
  });

  it("cannot be told apart where two loaders are read in turns, which is an error", () => {
    const [a, b] = [new DataLoader(tensors)[Symbol.iterator](), new DataLoader(tensors)[Symbol.iterator]()];
    a.next();
    b.next();
    expect(() => a.next()).toThrow("overlap in time without nesting");
    b.return();
    const guard = openScope();
    guard.close();
  });
});
