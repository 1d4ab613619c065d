import { describe, expect, it } from "vitest";
import {
  type Device,
  grad,
  keep,
  memory,
  noGrad,
  ones,
  record,
  scope,
  type Tensor,
  tensor,
  wasm,
  zeros,
} from "../index.ts";
import { reference } from "../reference.ts";
import { isRowGradient } from "./row-gradient.ts";

/** Rows of a table, whose gradient is by rows. */
const lookUp = (table: Tensor, indices: Tensor): Tensor =>
  record("lookUp", [table], table.detach().index([indices]), [indices], (values, [at]) => [
    { indices: at as Tensor, values },
  ]);

const names = (data: number[]): Tensor => tensor(data, { dtype: "int32" });

/** Zeros that have been looked up at `indices`, with the row's place in the list, from 1, as gradient. */
function lookedUp(table: Tensor, indices: number[]): Tensor {
  const places = tensor(
    indices.map((_, k) => [k + 1, k + 1]),
    { device: table.device },
  );
  lookUp(table, tensor(indices, { dtype: "int32", device: table.device }))
    .mul(places)
    .sum()
    .backward();
  return table;
}

const table = (rows = 4, device?: Device): Tensor =>
  zeros([rows, 2], { requiresGrad: true, ...(device && { device }) });

const isByRows = (x: Tensor): boolean => isRowGradient(x.peekGrad());

/** The columns are the same. */
const column = (x: Tensor | null): unknown => x?.select(1, 0).arraySync();

describe("a gradient by rows", () => {
  it("is kept so by a leaf, and seen as that of all elements", () => {
    const x = lookedUp(table(), [2, 0, 2]);
    expect(isByRows(x)).toBe(true);
    expect(x.grad?.arraySync()).toEqual([
      [2, 2],
      [0, 0],
      [4, 4],
      [0, 0],
    ]);
    expect(isByRows(x)).toBe(true);
    expect(x.grad).toBe(x.grad);
  });

  it("has every row's sum at one of its places and zeros at the others, of which there never are more than rows", () => {
    const x = lookedUp(table(), [2, 0, 2]);
    const held = x.peekGrad();
    if (!isRowGradient(held)) return expect.unreachable();
    expect(held.indices.arraySync()).toEqual([2, 0, 2]);
    expect(column(held.values.square())).toEqual(expect.arrayContaining([0, 4, 16]));
    lookedUp(x, [3, 3, 2, 2]);
    expect(held.indices.shape).toEqual([4]);
    expect(new Set(Array.from(held.indices.dataSync(), Number))).toEqual(new Set([0, 2, 3]));
    expect(column(x.grad)).toEqual([2, 0, 4 + 3 + 4, 1 + 2]);
  });

  it("adds up over passes and over lookups in one, for those too who hold the dense one", () => {
    const x = lookedUp(lookedUp(table(), [2, 0]), [1, 2]);
    const held = x.grad;
    expect(column(held)).toEqual([2, 1, 3, 0]);
    lookUp(x, names([0]))
      .add(lookUp(x, names([3])))
      .sum()
      .backward();
    expect(isByRows(x)).toBe(true);
    expect(column(held)).toEqual([3, 1, 3, 1]);
    expect(x.grad).toBe(held);
  });

  it("becomes dense when a dense one is added, in the same pass or another, before or after", () => {
    for (const parts of [["rows", "dense"], ["dense", "rows"], ["both"]]) {
      const x = table();
      for (const part of parts) {
        const rows = lookUp(x, names([1, 1])).sum();
        const dense = x.sum();
        (part === "rows" ? rows : part === "dense" ? dense : rows.add(dense)).backward();
      }
      expect(isByRows(x)).toBe(false);
      expect(column(x.grad)).toEqual([1, 3, 1, 1]);
    }
  });

  it("becomes dense when the dense one is changed in place, and is the same tensor for who holds it", () => {
    const x = lookedUp(table(), [1]);
    const held = x.grad as Tensor;
    held.mul_(5);
    expect(isByRows(x)).toBe(false);
    expect(column(x.grad)).toEqual([0, 5, 0, 0]);
    lookedUp(x, [1, 2]);
    expect(column(held)).toEqual([0, 6, 2, 0]);
    expect(x.grad).toBe(held);
  });

  it("can be scaled where it is, and the dense one follows", () => {
    const x = lookedUp(table(), [1, 3]);
    const held = x.grad;
    const rows = x.peekGrad();
    if (isRowGradient(rows)) noGrad(() => rows.values.mul_(10));
    expect(isByRows(x)).toBe(true);
    expect(column(x.grad)).toEqual([0, 10, 0, 20]);
    expect(x.grad).toBe(held);
  });

  it("is dense for hooks, for grad(), with createGraph, and behind a tensor that is no leaf", () => {
    const hooked = table();
    hooked.registerHook((gradient) => gradient.mul(2));
    expect(column(lookedUp(hooked, [1]).grad)).toEqual([0, 2, 0, 0]);
    expect(isByRows(hooked)).toBe(false);

    const asked = table();
    expect(column(grad(lookUp(asked, names([1])).sum(), [asked])[0] ?? null)).toEqual([0, 1, 0, 0]);

    const behind = table();
    lookedUp(behind.mul(3), [1]);
    expect([isByRows(behind), column(behind.grad)]).toEqual([false, [0, 3, 0, 0]]);

    // The second derivative of x³ at 2, of one that was looked up twice.
    const twice = ones([3, 1], { requiresGrad: true });
    noGrad(() => twice.mul_(2));
    const [first] = grad(
      lookUp(twice, names([1, 1]))
        .pow(3)
        .sum(),
      [twice],
      { createGraph: true },
    );
    first?.sum().backward();
    expect(twice.grad?.arraySync()).toEqual([[0], [24], [0]]);
  });

  it("can be set by hand, from numbers or a tensor, and is a copy", () => {
    const x = table();
    const values = ones([2, 2]);
    x.grad = { indices: [3, 3], values };
    expect([isByRows(x), column(x.grad)]).toEqual([true, [0, 0, 0, 2]]);
    noGrad(() => values.mul_(7));
    x.grad = { indices: tensor(new BigInt64Array([0n, 1n])), values };
    expect(column(x.grad)).toEqual([7, 7, 0, 0]);
    const list = zeros([3], { dtype: "float64" });
    list.grad = { indices: [2], values: tensor([5], { dtype: "float64" }) };
    expect(list.grad?.arraySync()).toEqual([0, 0, 5]);
  });

  it("that does not fit is refused with a reason", () => {
    const x = table();
    const set = (rows: { indices: number[] | Tensor; values: Tensor }) => () => {
      x.grad = rows;
    };
    expect(set({ indices: [1], values: ones([2, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: a gradient by rows with indices of int32 [1] and values of float32 [2, 2] does not fit a tensor of float32 [4, 2]. Give indices of int32 [n] and values of float32 [n, 2].]`,
    );
    expect(set({ indices: ones([1]), values: ones([1, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: a gradient by rows with indices of float32 [1] and values of float32 [1, 2] does not fit a tensor of float32 [4, 2]. Give indices of int32 [n] and values of float32 [n, 2].]`,
    );
    expect(set({ indices: [4], values: ones([1, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: grad: index 4 is outside of 4 elements. Indices go from 0 to 3.]`,
    );
    expect(set({ indices: names([-1]), values: ones([1, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: grad: index -1 is outside of 4 elements. Indices go from 0 to 3.]`,
    );
    expect(set({ indices: [0.5], values: ones([1, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: grad: index 0.5 is outside of 4 elements. Indices go from 0 to 3.]`,
    );
    expect(set({ indices: [0], values: ones([1, 2], { device: reference() }) })).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: grad: a gradient on reference does not fit a tensor on wasm. Move it: indices.to(tensor.device) and values.to(tensor.device).]`,
    );
    const scalar = tensor(1);
    expect(() => {
      scalar.grad = { indices: [0], values: ones([1]) };
    }).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: a gradient by rows with indices of int32 [1] and values of float32 [1] does not fit a tensor of float32 []. It has no rows.]`,
    );
    const wrong = record("wrong", [x], x.detach().mul(1), [], (gradient) => [
      { indices: names([0, 9]), values: gradient.narrow(0, 0, 2) },
    ]);
    expect(() => wrong.sum().backward()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: backward of wrong: index 9 is outside of 4 elements. Indices go from 0 to 3.]`,
    );
    expect(x.grad).toBeNull();
    expect(() => Reflect.set(x, "grad", undefined)).toThrow("grad: a gradient must be a tensor or null.");
  });

  it.each([
    ["the default device", () => wasm({ threads: 1 })],
    ["one that cannot be read at once", () => Object.defineProperty(reference(), "readSync", { value: undefined })],
  ])("counts the same memory before and after, on %s", async (_, make) => {
    const device: Device = await make();
    const x = table(4, device);
    const step = (look: boolean) => {
      scope(() => {
        lookedUp(lookedUp(x, [1, 2]), [2, 3, 0]);
        if (look) x.grad;
        x.grad = null;
      });
      const { tensors, bytes } = memory();
      return { tensors, bytes };
    };
    const before = step(false);
    expect([step(true), step(false), step(true)]).toEqual([before, before, before]);
    lookedUp(x, [1, 1]);
    expect(await x.grad?.select(1, 0).array()).toEqual([0, 3, 0, 0]);
  });

  it("costs no memory step after step where it meets a dense one", () => {
    const x = table();
    const lossOf = { rows: () => lookUp(x, names([1])).sum(), dense: () => x.sum() };
    const step = () => {
      for (const order of [["rows", "dense"] as const, ["dense", "rows"] as const]) {
        for (const part of order) {
          const loss = scope(lossOf[part]);
          // Outside of all scopes: nothing waits for the garbage collector.
          loss.backward();
          loss.dispose();
        }
        expect(isByRows(x)).toBe(false);
        x.grad = null;
      }
      return memory().bytes;
    };
    const first = step();
    expect([step(), step()]).toEqual([first, first]);
  });

  it("that was made dense lives as long as any other gradient that was read", () => {
    const x = table();
    const [returned, kept] = [true, false].map((isReturned) =>
      scope(() => {
        const leaf = lookedUp(table(), [1]);
        const dense = leaf.grad as Tensor;
        if (!isReturned) keep(dense);
        return isReturned ? dense : { dense: () => dense };
      }),
    );
    expect(column(returned as Tensor)).toEqual([0, 1, 0, 0]);
    expect(column((kept as { dense(): Tensor }).dense())).toEqual([0, 1, 0, 0]);
    const held = lookedUp(x, [3]).grad;
    x.grad = null;
    expect(column(held)).toEqual([0, 0, 0, 1]);
    const freed = scope(() => {
      const leaf = lookedUp(table(), [1]);
      return { leaf: () => leaf };
    }).leaf();
    expect(freed.grad).toBeNull();
    lookedUp(x, [2]).grad?.dispose();
    expect(column(x.grad)).toEqual([0, 0, 1, 0]);
  });
});
