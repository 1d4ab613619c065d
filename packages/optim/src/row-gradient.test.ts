import { describe, expect, it } from "vitest";
import { Adagrad } from "./adagrad.ts";
import { type ArrayParameter, arrayParameter } from "./array-parameter.ts";
import type { Optimizer } from "./optimizer.ts";
import type { ParamsInput } from "./param-groups.ts";
import { rowGradient } from "./row-gradient.ts";
import { SGD } from "./sgd.ts";

/** 5 rows of 2, under a plain step of rate 1. */
function stepped(grad: ArrayParameter["grad"]): number[] {
  const table = arrayParameter<Float32Array | Float64Array>(new Float64Array(10), { shape: [5, 2] });
  table.grad = grad;
  new SGD([table], { lr: 1, maximize: true }).step();
  return [...table.data];
}

describe("a gradient by rows", () => {
  it("may name rows in any order and more than once", () => {
    expect(stepped(rowGradient([4, 0, 4, 1], Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)))).toEqual([
      3, 4, 7, 8, 0, 0, 0, 0, 6, 8,
    ]);
    expect(stepped(rowGradient(Int32Array.of(1, 2), Float64Array.of(1, 2, 3, 4)))).toEqual([
      0, 0, 1, 2, 3, 4, 0, 0, 0, 0,
    ]);
    expect(stepped({ indices: [3], values: Float64Array.of(1, 2) })).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 0, 0]);
    expect(stepped(rowGradient([], new Float64Array(0)))).toEqual(new Array(10).fill(0));
  });

  it("is not changed by the step", () => {
    const grad = rowGradient([4, 0, 4], Float64Array.of(1, 2, 3, 4, 5, 6));
    stepped(grad);
    expect(grad).toEqual({ indices: [4, 0, 4], values: Float64Array.of(1, 2, 3, 4, 5, 6) });
  });

  it("is of whole slices, where there are more dimensions than two", () => {
    const table = arrayParameter(new Float32Array(12), { shape: [3, 2, 2] });
    table.grad = rowGradient([1], Float32Array.of(1, 2, 3, 4));
    new SGD([table], { lr: 1 }).step();
    expect([...table.data]).toEqual([0, 0, 0, 0, -1, -2, -3, -4, 0, 0, 0, 0]);
  });

  it("that does not fit is refused with a reason", () => {
    expect(() => rowGradient([1, -1], new Float64Array(4))).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: rowGradient: indices must be whole numbers from 0, got -1 at position 1.]`,
    );
    expect(() => rowGradient([0.5], new Float64Array(2))).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: rowGradient: indices must be whole numbers from 0, got 0.5 at position 0.]`,
    );
    expect(() => stepped(rowGradient([5], new Float64Array(2)))).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: grad names row 5, the parameter of shape [5, 2] has 5 rows.]`,
    );
    expect(() => stepped(rowGradient([1, 2], new Float64Array(3)))).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: grad has 2 rows and 3 values, a row of the parameter of shape [5, 2] has 2 elements.]`,
    );
    const single = arrayParameter(new Float64Array(1), { shape: [] });
    single.grad = rowGradient([0], new Float64Array(1));
    expect(() => new SGD([single]).step()).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: grad has 1 rows and 1 values, a row of the parameter of shape [] has no elements.]`,
    );
  });

  it.each<[string, (params: ParamsInput<{ lr: number; weightDecay: number }>) => Optimizer]>([
    ["SGD", (params) => new SGD(params, { lr: 0.1 })],
    ["Adagrad", (params) => new Adagrad(params, { lr: 0.1 })],
  ])("goes with no weight decay of %s, which would change every row", (_, make) => {
    const [decaying, table] = [arrayParameter(new Float64Array(2)), arrayParameter(new Float64Array(2))];
    const optimizer = make([{ params: [decaying, table], weightDecay: 0.1 }]);
    decaying.grad = Float64Array.of(1, 1);
    table.grad = rowGradient([1], Float64Array.of(1));
    expect(() => optimizer.step()).toThrow(
      "a parameter of shape [2] has a gradient by rows (rowGradient, or an embedding with sparse), and weightDecay would change all the others. Set it to 0.",
    );
    expect(decaying.data).toEqual(new Float64Array(2));
  });

  it.each<[string, (params: ArrayParameter[]) => Optimizer]>([
    ["SGD", (params) => new SGD(params, { lr: 0.02 })],
    ["SGD with momentum", (params) => new SGD(params, { lr: 0.005, momentum: 0.5 })],
    ["Adagrad", (params) => new Adagrad(params, { lr: 0.1 })],
  ])("leads %s where the dense one leads, coordinate by coordinate down Rosenbrock's valley", (_, make) => {
    const [sparse, dense] = [arrayParameter(Float64Array.of(1.5, 1.5)), arrayParameter(Float64Array.of(1.5, 1.5))];
    const optimizers = [make([sparse]), make([dense])];
    for (let k = 0; k < 1800; k++) {
      const i = k % 2;
      for (const parameter of [sparse, dense]) {
        const [x = 0, y = 0] = parameter.data;
        // Scaled, so that plain steps do not leave the valley.
        const g = (i === 0 ? -400 * x * (y - x * x) - 2 * (1 - x) : 200 * (y - x * x)) / 40;
        parameter.grad =
          parameter === sparse
            ? rowGradient([i], Float64Array.of(g))
            : Float64Array.of(i === 0 ? g : 0, i === 0 ? 0 : g);
      }
      for (const optimizer of optimizers) optimizer.step();
    }
    expect(sparse.data).toEqual(dense.data);
  });
});
