import { expr, type Formula } from "@anneal/kernel";
import { describe, expect, it } from "vitest";
import { ReferenceDevice } from "../devices/reference/reference-device.ts";
import { memory, ones, scope, tensor, zeros } from "../index.ts";

const { load, mul } = expr;

/** x y; twice, under one name. */
const product: Formula = { name: "f", inputs: ["x", "y"], scalars: [], value: mul(load(0), load(1)) };
const squares: Formula = {
  name: "f",
  inputs: ["x"],
  scalars: [],
  value: mul(load(0), load(0)),
  reduce: { op: "sum", dims: "all" },
};

// What they compute is tested where optimizers are: docs/src/whole-parameter-optimizers.test.ts.
describe("what a parameter offers to optimizers", () => {
  it("is not recorded for gradients", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    w.grad = ones([2]);
    const { operations } = w;
    const values = [
      operations.compute(product, [w, w]),
      operations.compute(squares, [w]),
      operations.flatten([w, w]),
      operations.slice(operations.flatten([w]), 1, [1]),
      operations.matmul(w.reshape([1, 2]), w.reshape([2, 1])),
    ];
    expect(values.map(({ requiresGrad }) => requiresGrad)).toEqual([false, false, false, false, false]);
    expect(values.map((x) => x.arraySync())).toEqual([[1, 4], 5, [1, 2, 1, 2], [2], [[5]]]);
  });

  it("frees what was made in a scope, but not slots", () => {
    const w = tensor([1, 2]);
    const { operations } = w;
    const before = memory().tensors;
    const slot = operations.scope(() => {
      const slot = w.zeros([]);
      operations.assign(slot, operations.compute(squares, [operations.compute(product, [w, w])]));
      return () => slot;
    })();
    expect(memory().tensors).toBe(before + 1);
    expect(slot.itemSync()).toBe(17);
  });

  it("keeps no history of a slot that is assigned again and again", () => {
    const w = tensor([1, 1]);
    const { operations } = w;
    const slot = w.zeros();
    scope(() => operations.assign(slot, operations.compute(product, [w, w])));
    const { bytes } = memory();
    for (let k = 0; k < 100; k++) scope(() => operations.assign(slot, operations.compute(product, [slot, w])));
    expect(memory().bytes).toBe(bytes);
    expect([slot.arraySync(), w.arraySync()]).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("reads a number at once where the device can, and later where it cannot", async () => {
    const w = tensor([3]);
    expect(w.operations.read(w)).toBe(3);
    const device = Object.defineProperty(new ReferenceDevice(), "readSync", { value: undefined });
    const later = tensor([4], { device });
    expect(await later.operations.read(later)).toBe(4);
  });

  it("needs a float that can be computed in", () => {
    const half = zeros([2], { dtype: "float16" });
    expect(() => half.operations.compute(squares, [half])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: f: a parameter is float16. Optimize float32 or float64 parameters.]`,
    );
    expect(() => half.operations.epsilon).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: epsilon: a parameter is float16. Optimize float32 or float64 parameters.]`,
    );
  });
});
