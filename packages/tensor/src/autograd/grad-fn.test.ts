import { describe, expect, it } from "vitest";
import { arange, type GradFn, noGrad, ones, tensor, zeros } from "../index.ts";

describe("gradFn", () => {
  it("tells which op made a tensor, from what, and what came of it", () => {
    const x = ones([2, 3]);
    const weight = zeros([3]);
    weight.requiresGrad = true;
    const y = x.mul(weight).relu();
    const relu = y.gradFn as GradFn;
    expect([relu.name, relu.shape, relu.dtype, relu.variable]).toEqual(["relu", [2, 3], "float32", null]);
    const [product] = relu.nextFunctions;
    expect([product?.name, product?.shape]).toEqual(["mul", [2, 3]]);
    // Nothing flows to x.
    const [ofX, ofWeight] = product?.nextFunctions ?? [];
    expect(ofX).toBe(null);
    expect(ofWeight?.variable).toBe(weight);
    expect([ofWeight?.name, ofWeight?.shape, ofWeight?.dtype, ofWeight?.nextFunctions]).toEqual([
      "accumulateGrad",
      [3],
      "float32",
      [],
    ]);
  });

  it("is the same object for all that one result went into", () => {
    const x = tensor([1, 2], { requiresGrad: true }).exp();
    const sum = x.add(x.mul(2)).gradFn;
    expect(sum?.nextFunctions[0]).toBe(x.gradFn);
    expect(sum?.nextFunctions[1]?.nextFunctions[0]).toBe(x.gradFn);
  });

  it("is null where nothing was recorded: leaves, detached tensors, inside noGrad", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect([x.gradFn, ones([2]).mul(2).gradFn, x.mul(2).detach().gradFn]).toEqual([null, null, null]);
    expect(noGrad(() => x.mul(2)).gradFn).toBe(null);
  });

  it("knows what was kept for the gradient, through views too, until the backward pass", () => {
    const table = ones([5, 2]);
    table.requiresGrad = true;
    const at = arange(4, { dtype: "int32" });
    const other = arange(4, { dtype: "int32" });
    const picked = table.indexSelect(0, at).sum();
    const ops = (node: GradFn | null): GradFn[] => (node ? [node, ...node.nextFunctions.flatMap(ops)] : []);
    expect(ops(picked.gradFn).some((op) => op.saves(at.view([2, 2])))).toBe(true);
    expect(ops(picked.gradFn).some((op) => op.saves(other))).toBe(false);
    const node = picked.gradFn;
    picked.backward();
    expect(ops(node).some((op) => op.saves(at))).toBe(false);
  });
});
