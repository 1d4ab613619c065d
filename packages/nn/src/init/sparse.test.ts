import { empty, manualSeed, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { expectMoments } from "../../test/distributions.ts";
import { init } from "../index.ts";

describe("sparse_", () => {
  it("has the same number of zeros in each column, at places that differ", () => {
    manualSeed(7);
    const w = init.sparse_(empty([100, 60]), 0.255, { std: 2 });
    // ceil(25.5) of 100 rows.
    expect(w.eq(0).sum(0).arraySync()).toEqual(new Array(60).fill(26));
    // 60 columns with 0.26 each: 15.6 a row with a deviation of 3.4. None of 100 rows is 5 deviations off, but once in 20,000 times.
    const perRow = w.eq(0).sum(1).dataSync();
    expect(Math.min(...Array.from(perRow, Number))).toBeGreaterThan(0);
    expect(Math.max(...Array.from(perRow, Number))).toBeLessThan(33);
    const rest = Array.from(w.dataSync(), Number).filter((each) => each !== 0);
    expectMoments(tensor(rest), 0, 2);
  });

  it("may be all zeros or none", () => {
    expect(
      init
        .sparse_(empty([5, 2]), 1)
        .abs()
        .sum()
        .itemSync(),
    ).toBe(0);
    expect(
      init
        .sparse_(empty([5, 2]), 0)
        .eq(0)
        .sum()
        .itemSync(),
    ).toBe(0);
    expect(init.sparse_(empty([0, 2]), 0.5).shape).toEqual([0, 2]);
  });

  it("says what it needs", () => {
    expect(() => init.sparse_(empty([3]), 0.1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sparse_: x has the shape [3]. Give a matrix, [rows, columns].]`,
    );
    expect(() => init.sparse_(empty([3, 3]), 1.1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: sparse_: sparsity is 1.1. Give a number from 0 to 1.]`,
    );
  });
});
