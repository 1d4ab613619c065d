import { describe, expect, it } from "vitest";
import { arange, full, memory, scope, tensor, zeros } from "../index.ts";

describe("a value read in two ways by one kernel", () => {
  // exp is dear, so the second look at it stores it; its source then belongs to nobody else and could give its buffer away.
  it("keeps the numbers its first look reads", () => {
    const x = tensor([
      [0, 1],
      [2, 3],
    ]).exp_();
    const [e, e2, e3] = [Math.E, Math.E ** 2, Math.E ** 3];
    const sum = x.add(x.T).arraySync() as number[][];
    expect(sum[0]?.[0]).toBeCloseTo(2, 5);
    expect(sum[0]?.[1]).toBeCloseTo(e + e2, 4);
    expect(sum[1]?.[0]).toBeCloseTo(e2 + e, 4);
    expect(sum[1]?.[1]).toBeCloseTo(2 * e3, 4);
  });

  it("keeps them through a reduction and a view that needs the numbers in memory", () => {
    const x = tensor([
      [0, 1],
      [2, 3],
    ]).exp_();
    const turned = x.reshape([4]).flip(0).reshape([2, 2]);
    const total = x.mul(turned).sum().itemSync();
    expect(total).toBeCloseTo(4 * Math.E ** 3, 3);
  });
});

it("pads what is still a recipe with 0, not with what the recipe would give there", () => {
  expect(full([2], 7).pad([1, 1]).arraySync()).toEqual([0, 7, 7, 0]);
  expect(arange(2).add(5).pad([1, 0]).arraySync()).toEqual([0, 5, 6]);
  expect(zeros([2]).add(1).pad([0, 1]).exp().log().arraySync()).toEqual([1, 1, 0]);
});

it("lets go of what it read, also where there is nothing to compute", () => {
  const before = memory();
  scope(() => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    x.slice([[0, 0]])
      .add(1)
      .sum(1)
      .arraySync();
    x.slice([[0, 0]])
      .cumsum(0)
      .arraySync();
    x.add(x.slice([[0, 0]]).sum(0)).arraySync();
    x.slice([null, [0, 0]])
      .amax(0)
      .arraySync();
  });
  expect(memory().bytes).toBe(before.bytes);
  expect(memory().tensors).toBe(before.tensors);
});
