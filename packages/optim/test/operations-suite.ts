import { expr, type Formula } from "@anneal/kernel";
import { describe, expect, it } from "vitest";
import { defineFormula, type Operations, type Parameter } from "../src/index.ts";

const { add, and, bitcast, mul, u32 } = expr;

type Float = "float32" | "float64";

/** Makes a parameter of the host under test. */
export type MakeParameter = (numbers: readonly number[], shape: readonly number[], dtype: Float) => Parameter;

const identity = (reduce?: Formula["reduce"]): Formula =>
  defineFormula({ name: "identity", inputs: ["x"], value: ({ x }) => x, ...(reduce && { reduce }) });

const plusProduct = defineFormula({
  name: "plusProduct",
  inputs: ["x", "y", "z"],
  scalars: ["by"],
  value: ({ x, y, z }, { by }) => add(x, mul(by, mul(y, z))),
});

/** The sign, the exponent and the first bit of the fraction of a float32: 4/3 to 1. */
const cut = defineFormula({
  name: "cut",
  inputs: ["x"],
  value: ({ x }) => bitcast(and(bitcast(x, "u32"), u32(0xffc00000)), "f32"),
  dtype: "float32",
});

const operationsOf = (parameter: Parameter): Operations => parameter.operations as Operations;

/** What a host keeps numbers in, as a shape and numbers. */
async function numbersOf(parameter: Parameter, value: unknown): Promise<{ shape: number[]; data: number[] }> {
  const { shape, data } = Object(parameter.saveState(value)) as { shape: readonly number[]; data: unknown };
  const numbers: unknown = typeof data === "function" ? await data.call(parameter.saveState(value)) : data;
  return { shape: [...shape], data: Array.from(numbers as ArrayLike<number>) };
}

/** What the operations of every host must do. The numbers are small and whole unless a test says otherwise, so that results are exact. */
export function testOperations(name: string, make: MakeParameter): void {
  describe.each(["float64", "float32"] as const)(`operations of ${name} in %s`, (dtype) => {
    /** 1, 2, 3, … in a shape. */
    const counting = (...shape: number[]): Parameter => {
      const size = shape.reduce((product, each) => product * each, 1);
      return make(
        Array.from({ length: size }, (_, i) => i + 1),
        shape,
        dtype,
      );
    };

    it("compute at every element of the shape that the inputs broadcast to", async () => {
      const parameter = counting(2, 3);
      const operations = operationsOf(parameter);
      const rows = operations.compute(identity({ op: "max", dims: [-1] }), [operations.value]);
      const columns = operations.compute(identity({ op: "max", dims: [-2] }), [operations.value]);
      const scalar = operations.compute(identity({ op: "sum", dims: "all" }), [operations.value]);
      expect(await numbersOf(parameter, rows)).toEqual({ shape: [2, 1], data: [3, 6] });
      expect(await numbersOf(parameter, columns)).toEqual({ shape: [1, 3], data: [4, 5, 6] });
      expect(await numbersOf(parameter, scalar)).toEqual({ shape: [], data: [21] });
      const all = operations.compute(plusProduct, [operations.value, rows, columns], [2]);
      expect(await numbersOf(parameter, all)).toEqual({ shape: [2, 3], data: [25, 32, 39, 52, 65, 78] });
      const spread = operations.compute(plusProduct, [rows, scalar, scalar], [0.5]);
      expect(await numbersOf(parameter, spread)).toEqual({ shape: [2, 1], data: [223.5, 226.5] });
    });

    it.each([
      { reduce: { op: "sum", dims: "all" }, shape: [], data: [300] },
      { reduce: { op: "mean", dims: "all" }, shape: [], data: [12.5] },
      { reduce: { op: "max", dims: "all" }, shape: [], data: [24] },
      { reduce: { op: "sum", dims: [-1] }, shape: [2, 3, 1], data: [10, 26, 42, 58, 74, 90] },
      { reduce: { op: "mean", dims: [-2] }, shape: [2, 1, 4], data: [5, 6, 7, 8, 17, 18, 19, 20] },
      { reduce: { op: "max", dims: [-1, -2] }, shape: [2, 1, 1], data: [12, 24] },
    ] as const)("combine by $reduce", async ({ reduce, shape, data }) => {
      const parameter = counting(2, 3, 4);
      const operations = operationsOf(parameter);
      const result = operations.compute(identity(reduce), [operations.value]);
      expect(await numbersOf(parameter, result)).toEqual({ shape, data });
    });

    it("take scalars and empty arrays", async () => {
      const scalar = make([3], [], dtype);
      const sum = operationsOf(scalar).compute(identity({ op: "sum", dims: "all" }), [operationsOf(scalar).value]);
      expect(await numbersOf(scalar, sum)).toEqual({ shape: [], data: [3] });
      const none = make([], [0, 2], dtype);
      const operations = operationsOf(none);
      const total = operations.compute(identity({ op: "sum", dims: "all" }), [operations.value]);
      expect(await numbersOf(none, total)).toEqual({ shape: [], data: [0] });
      const rows = operations.compute(identity({ op: "sum", dims: [-2] }), [operations.value]);
      expect(await numbersOf(none, rows)).toEqual({ shape: [1, 2], data: [0, 0] });
    });

    it("compute in the parameter's precision, or in float32 where a formula says so", async () => {
      const parameter = make([4 / 3, -4 / 3], [2], dtype);
      const operations = operationsOf(parameter);
      expect(operations.epsilon).toBe(dtype === "float64" ? Number.EPSILON : 2 ** -23);
      const bits = operations.compute(cut, [operations.value]);
      expect(await numbersOf(parameter, bits)).toEqual({ shape: [2], data: [1, -1] });
      const third = operations.compute(plusProduct, [operations.value, bits, bits], [-1]);
      const exact = dtype === "float64" ? [4 / 3 - 1, -4 / 3 - 1] : [4 / 3, -4 / 3].map((x) => Math.fround(x) - 1);
      expect(await numbersOf(parameter, third)).toEqual({
        shape: [2],
        data: exact.map(dtype === "float64" ? Number : Math.fround),
      });
    });

    it("multiply matrices and their transposes", async () => {
      const parameter = counting(2, 3);
      const operations = operationsOf(parameter);
      const { value } = operations;
      // [[1, 2, 3], [4, 5, 6]]
      expect(await numbersOf(parameter, operations.matmul(value, value, { b: true }))).toEqual({
        shape: [2, 2],
        data: [14, 32, 32, 77],
      });
      const square = operations.matmul(value, value, { a: true });
      expect(await numbersOf(parameter, square)).toEqual({ shape: [3, 3], data: [17, 22, 27, 22, 29, 36, 27, 36, 45] });
      expect(await numbersOf(parameter, operations.matmul(value, square))).toEqual({
        shape: [2, 3],
        data: [142, 188, 234, 340, 449, 558],
      });
      expect(await numbersOf(parameter, operations.matmul(square, value, { a: true, b: true }))).toEqual({
        shape: [3, 2],
        data: [142, 340, 188, 449, 234, 558],
      });
    });

    it("flatten arrays into one, and slice it again", async () => {
      const [parameter, other, scalar] = [counting(2, 2), counting(3), make([7], [], dtype)];
      const operations = operationsOf(parameter);
      const flat = operations.flatten([parameter, other, scalar].map((each) => operationsOf(each).value));
      expect(await numbersOf(parameter, flat)).toEqual({ shape: [8], data: [1, 2, 3, 4, 1, 2, 3, 7] });
      expect(await numbersOf(parameter, operations.slice(flat, 3, [2, 2]))).toEqual({
        shape: [2, 2],
        data: [4, 1, 2, 3],
      });
      expect(await numbersOf(parameter, operations.slice(flat, 7, []))).toEqual({ shape: [], data: [7] });
    });

    it("keep what is assigned to a slot of any shape, past the scope it was computed in, and save and load it", async () => {
      const parameter = counting(2, 3);
      const operations = operationsOf(parameter);
      const slot = operations.scope(() => {
        const slot = parameter.zeros([2, 1]);
        operations.assign(slot, operations.compute(identity({ op: "sum", dims: [-1] }), [operations.value]));
        return slot;
      });
      expect(await numbersOf(parameter, slot)).toEqual({ shape: [2, 1], data: [6, 15] });
      const saved = parameter.saveState(slot);
      operations.assign(slot, parameter.zeros([2, 1]));
      expect(await numbersOf(parameter, slot)).toEqual({ shape: [2, 1], data: [0, 0] });
      const loaded = parameter.loadState(saved, "state[0].row_var", [2, 1]);
      expect(await numbersOf(parameter, loaded)).toEqual({ shape: [2, 1], data: [6, 15] });
      const plain = parameter.loadState({ shape: [], data: [5] }, "state[0].ro", []);
      expect(await operations.read(plain)).toBe(5);
      expect(() => parameter.loadState(saved, "state[0].row_var")).toThrow(
        "state[0].row_var has shape [2, 1], its parameter [2, 3].",
      );
      expect(() => parameter.loadState(saved, "state[0].row_var", [2])).toThrow(
        "state[0].row_var has shape [2, 1], what its parameter needs [2].",
      );
    });

    it("see what the parameter has become", async () => {
      const parameter = counting(2);
      const operations = operationsOf(parameter);
      const before = operations.compute(identity({ op: "sum", dims: "all" }), [operations.value]);
      parameter.update({ name: "ten", state: [], scalars: [], updates: [{ slot: 0, value: expr.f32(10) }] }, [], []);
      const after = operations.compute(identity({ op: "sum", dims: "all" }), [operations.value]);
      expect([await operations.read(before), await operations.read(after)]).toEqual([3, 20]);
    });
  });
}
