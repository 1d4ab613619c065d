import { afterEach, describe, expect, test, vi } from "vitest";
import type { DType } from "../dtype.ts";
import * as e from "../expr.ts";
import type { Kernel, KernelInput, KernelView, Launch, Reduction } from "../kernel.ts";
import { arrayOf, type TypedArray } from "./arrays.ts";
import { compileJs } from "./compile.ts";
import { interpreter } from "./interpret.ts";

const input = (dtype: KernelInput["dtype"] = "float32", bounds = 0): KernelInput => ({
  dtype,
  layout: "strided",
  bounds,
});
const output = (expr: e.Expr, dtype: DType = "float32") => ({ dtype, expr, layout: "strided" }) as const;

const fillArray = (dtype: DType, length: number): TypedArray => new arrayOf[dtype](length);

const compilers = {
  compiled: compileJs,
  interpreted: (kernel: Kernel): ReturnType<typeof compileJs> => {
    const run = interpreter(kernel);
    const points = (launch: Launch<TypedArray>) => launch.shape.slice(0, kernel.rank).reduce((a, b) => a * b, 1);
    return (launch, begin = 0, end = points(launch)) => run(launch, begin, end);
  },
};

describe.each(Object.entries(compilers))("%s kernels", (_, compile) => {
  const whole = (shape: readonly number[]): KernelView => ({
    offset: 0,
    strides: shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1)),
  });

  /** Runs an elementwise expression over contiguous one-dimensional inputs. */
  function map(
    expr: e.Expr,
    dtype: DType,
    inputs: readonly (readonly [DType, TypedArray])[],
    args: readonly number[] = [],
  ): TypedArray {
    const length = inputs[0]?.[1].length ?? 1;
    const out = fillArray(dtype, length);
    const kernel: Kernel = {
      rank: 1,
      inputs: inputs.map(([type]) => input(type)),
      outputs: [output(expr, dtype)],
      args: args.map(() => "f32" as const),
    };
    const view = { offset: 0, strides: [1] };
    compile(kernel)({
      shape: [length],
      inputs: inputs.map(([, buffer]) => ({ ...view, buffer })),
      outputs: [{ ...view, buffer: out }],
      args,
    });
    return out;
  }

  const floats = (expr: e.Expr, ...values: readonly number[]): number[] =>
    [...map(expr, "float32", [["float32", Float32Array.from(values)]])].map(Number);
  const x = e.load(0);

  test("float32 arithmetic rounds after each operation", () => {
    // 2^24 + 1 is not a float32, so adding 1 twice loses both; in float64 nothing would be lost.
    expect(floats(e.add(e.add(x, e.f32(1)), e.f32(1)), 2 ** 24)).toEqual([2 ** 24]);
    // madd is a * b + c in float64, rounded once: (1 + 2^-12)^2 - 1 keeps its last bit.
    expect(floats(e.madd(x, x, e.f32(-1)), 1 + 2 ** -12)).toEqual([2 ** -11 + 2 ** -24]);
    expect(floats(e.sub(e.mul(x, x), e.f32(1)), 1 + 2 ** -12)).toEqual([2 ** -11]);
  });

  test("rounding to integers: halves to even, signed zeros kept", () => {
    expect(floats(e.round(x), 0.5, 1.5, 2.5, -0.5, -1.5, -0.4, Infinity, NaN)).toEqual([
      0,
      2,
      2,
      -0,
      -2,
      -0,
      Infinity,
      NaN,
    ]);
    expect(floats(e.trunc(x), -0.7, 1.7)).toEqual([-0, 1]);
  });

  test("min and max give NaN if either is NaN, and order the zeros", () => {
    expect(floats(e.max(x, e.f32(1)), NaN, 2, -Infinity)).toEqual([NaN, 2, 1]);
    expect(floats(e.min(e.f32(NaN), x), 1)).toEqual([NaN]);
    expect(floats(e.max(x, e.f32(0)), -0)).toEqual([0]);
  });

  test("the remainder has the sign of the dividend, as C's", () => {
    expect(floats(e.binary("rem", x, e.f32(3)), 7, -7, 2.5, Infinity)).toEqual([1, -1, 2.5, NaN]);
  });

  test("pow is IEEE 754's: 1 to any power is 1", () => {
    expect(floats(e.binary("pow", e.f32(1), x), NaN, Infinity)).toEqual([1, 1]);
    expect(floats(e.binary("pow", x, e.f32(Infinity)), -1, 0.5)).toEqual([1, 0]);
  });

  test("erf, against values of the NIST Digital Library of Mathematical Functions, to half a unit of float32", () => {
    // https://dlmf.nist.gov/7.23 by way of the usual tables: erf(0.5), erf(1), erf(2), erf(3).
    const expected = [0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9999779095030014].map(Math.fround);
    expect(floats(e.unary("erf", x), 0.5, 1, 2, 3)).toEqual(expected);
    expect(floats(e.unary("erf", x), -0, Infinity, -Infinity, NaN)).toEqual([-0, 1, -1, NaN]);
  });

  test("int32 wraps, division truncates, division by zero gives 0", () => {
    const i = e.load(0, "i32");
    const run = (expr: e.Expr, ...values: number[]) => [...map(expr, "int32", [["int32", Int32Array.from(values)]])];
    expect(run(e.add(i, e.i32(1)), 2147483647)).toEqual([-2147483648]);
    expect(run(e.mul(i, i), 65537, 46341)).toEqual([131073, -2147479015]);
    expect(run(e.div(i, e.i32(-2)), 7, -7)).toEqual([-3, 3]);
    expect(run(e.div(i, e.i32(0)), 7)).toEqual([0]);
    expect(run(e.div(i, e.i32(-1)), -2147483648)).toEqual([-2147483648]);
    expect(run(e.binary("rem", i, e.i32(3)), 7, -7)).toEqual([1, -1]);
    expect(run(e.abs(i), -5, -2147483648)).toEqual([5, -2147483648]);
    expect(run(e.binary("pow", i, e.i32(3)), -3, 2)).toEqual([-27, 8]);
    expect(run(e.shr(i, e.i32(1)), -3)).toEqual([-2]);
    expect(run(e.not(i), 5)).toEqual([-6]);
  });

  test("u32 is unsigned, and mulhi exact", () => {
    const u = e.cast(e.load(0, "i32"), "u32");
    const run = (expr: e.Expr, ...values: number[]) => [
      ...map(e.cast(expr, "i32"), "int32", [["int32", Int32Array.from(values)]]),
    ];
    expect(run(e.shr(u, e.u32(1)), -1)).toEqual([2147483647]);
    expect(run(e.div(u, e.u32(2)), -2)).toEqual([2147483647]);
    // 0xffffffff * 0xffffffff = 0xfffffffe_00000001; 0xd2511f53 * 0x80000000 = 0x69288fa9_80000000
    expect(run(e.mulhi(u, u), -1, 65536)).toEqual([-2, 1]);
    expect(run(e.mulhi(u, e.u32(0xd2511f53)), 0x80000000)).toEqual([0x69288fa9]);
  });

  test("int64 is exact and wraps", () => {
    const i = e.load(0, "i64");
    const run = (expr: e.Expr, ...values: bigint[]) => [...map(expr, "int64", [["int64", BigInt64Array.from(values)]])];
    expect(run(e.add(i, e.constant("i64", 1)), 2n ** 63n - 1n)).toEqual([-(2n ** 63n)]);
    expect(run(e.mul(i, i), 3037000500n)).toEqual([-9223372036709301616n]);
    expect(run(e.div(i, e.constant("i64", 0)), 5n)).toEqual([0n]);
    expect(run(e.max(i, e.constant("i64", 3)), 5n, -5n)).toEqual([5n, 3n]);
    expect(run(e.abs(i), -5n)).toEqual([5n]);
  });

  test("casts truncate, saturate and wrap", () => {
    const from = Float32Array.of(1.9, -1.9, NaN, 3e9, -3e9, Infinity, 1e20, -Infinity);
    expect([...map(e.cast(x, "i32"), "int32", [["float32", from]])]).toEqual([
      1, -1, 0, 2147483647, -2147483648, 2147483647, 2147483647, -2147483648,
    ]);
    const unsigned = e.cast(e.cast(x, "u32"), "i64");
    expect([...map(unsigned, "int64", [["float32", from]])]).toEqual([
      1n,
      0n,
      0n,
      3000000000n,
      0n,
      4294967295n,
      4294967295n,
      0n,
    ]);
    const most = 2n ** 63n - 1n;
    expect([...map(e.cast(x, "i64"), "int64", [["float32", from]])].slice(4)).toEqual([
      -3000000000n,
      most,
      BigInt(Math.fround(1e20)) > most ? most : 0n,
      -(2n ** 63n),
    ]);
    expect([...map(e.cast(x, "bool"), "bool", [["float32", Float32Array.of(0, -0, NaN, 0.1)]])]).toEqual([0, 0, 1, 1]);
    expect([
      ...map(e.cast(e.load(0, "i64"), "i32"), "int32", [["int64", BigInt64Array.of(2n ** 32n + 5n, 2n ** 31n)]]),
    ]).toEqual([5, -2147483648]);
    // Rounding through float64 first would give 2^60.
    const nearTie = BigInt64Array.of(2n ** 60n + 2n ** 36n + 1n);
    expect([...map(e.cast(e.load(0, "i64"), "f32"), "float32", [["int64", nearTie]])]).toEqual([2 ** 60 + 2 ** 37]);
    expect([...map(e.cast(e.load(0, "bool"), "f32"), "float32", [["bool", Uint8Array.of(0, 1)]])]).toEqual([0, 1]);
    expect([...map(e.load(0, "i32"), "uint8", [["int32", Int32Array.of(257, -1)]])]).toEqual([1, 255]);
  });

  test("bitcasts keep the bits", () => {
    expect([...map(e.bitcast(x, "i32"), "int32", [["float32", Float32Array.of(1, -0)]])]).toEqual([
      0x3f800000, -2147483648,
    ]);
    expect([...map(e.bitcast(e.load(0, "i32"), "f32"), "float32", [["int32", Int32Array.of(0x7f800000, 1)]])]).toEqual([
      Infinity,
      2 ** -149,
    ]);
    expect([...map(e.bitcast(e.load(0, "f64"), "i64"), "int64", [["float64", Float64Array.of(1)]])]).toEqual([
      0x3ff0000000000000n,
    ]);
  });

  test("float16 is stored rounded to nearest, halves to even", () => {
    // Bits of the IEEE 754 binary16 format, exact by construction.
    const numbers = Float32Array.of(
      1,
      -2,
      65504,
      65519,
      65520,
      2 ** -24,
      2 ** -25,
      1.5 * 2 ** -24,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      -0,
      NaN,
      2 ** -14,
    );
    const bits = [0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 1, 0, 2, 0x3c00, 0x3c02, 0x8000, 0x7e00, 0x0400];
    expect([...map(x, "float16", [["float32", numbers]])]).toEqual(bits);
    expect([
      ...map(x, "float32", [["float16", Uint16Array.of(0x3c00, 1, 0x7c00, 0xfc00, 0x7e00, 0x8000, 0x7bff)]]),
    ]).toEqual([1, 2 ** -24, Infinity, -Infinity, NaN, -0, 65504]);
  });

  test("float64 is computed in float64", () => {
    const y = e.load(0, "f64");
    expect([...map(e.add(y, e.f64(2 ** -50)), "float64", [["float64", Float64Array.of(1)]])]).toEqual([1 + 2 ** -50]);
  });

  test("arguments come with the launch, rounded to their type", () => {
    expect([...map(e.mul(x, e.arg(0)), "float32", [["float32", Float32Array.of(1)]], [0.1])]).toEqual([
      Math.fround(0.1),
    ]);
  });

  test("select evaluates both and takes one", () => {
    expect(floats(e.select(e.lt(x, e.f32(0)), e.neg(x), e.sqrt(x)), -3, 4)).toEqual([3, 2]);
  });

  test("strides and offsets: a transposed, flipped view", () => {
    const out = new Float32Array(6);
    compile({ rank: 2, inputs: [input()], outputs: [output(x)], args: [] })({
      shape: [3, 2],
      inputs: [{ buffer: Float32Array.of(9, 0, 1, 2, 3, 4, 5), offset: 3, strides: [-1, 3] }],
      outputs: [{ buffer: out, ...whole([3, 2]) }],
      args: [],
    });
    expect([...out]).toEqual([2, 5, 1, 4, 0, 3]);
  });

  test("a range computes its points alone", () => {
    const out = new Float32Array(12);
    const buffer = Float32Array.from({ length: 12 }, (_, i) => i + 1);
    const view = whole([2, 3, 2]);
    compile({ rank: 3, inputs: [input()], outputs: [output(x)], args: [] })(
      { shape: [2, 3, 2], inputs: [{ buffer, ...view }], outputs: [{ buffer: out, ...view }], args: [] },
      5,
      9,
    );
    expect([...out]).toEqual([0, 0, 0, 0, 0, 6, 7, 8, 9, 0, 0, 0]);
  });

  test("bounds read 0 outside: padding", () => {
    const out = new Float32Array(5);
    compile({ rank: 1, inputs: [input("float32", 1)], outputs: [output(x)], args: [] })({
      shape: [5],
      inputs: [
        { buffer: Float32Array.of(1, 2, 3), offset: -1, strides: [1], bounds: [{ strides: [1], offset: -1, size: 3 }] },
      ],
      outputs: [{ buffer: out, offset: 0, strides: [1] }],
      args: [],
    });
    expect([...out]).toEqual([0, 1, 2, 3, 0]);
  });

  test("a virtual input is a counter", () => {
    const out = new Int32Array(4);
    compile({ rank: 2, inputs: [input("virtual")], outputs: [output(e.offset(0), "int32")], args: [] })({
      shape: [2, 2],
      inputs: [{ buffer: null, offset: 5, strides: [10, -1] }],
      outputs: [{ buffer: out, ...whole([2, 2]) }],
      args: [],
    });
    expect([...out]).toEqual([5, 4, 15, 14]);
  });

  test("gather reads further along, scatter adds in order or replaces", () => {
    const table = Float32Array.of(10, 20, 30);
    const at = Int32Array.of(2, 0, 2);
    const index = e.load(1, "i32");
    const inputs = [
      { buffer: table, offset: 0, strides: [0] },
      { buffer: at, offset: 0, strides: [1] },
    ];
    const gathered = new Float32Array(3);
    compile({ rank: 1, inputs: [input(), input("int32")], outputs: [output(e.gather(0, index))], args: [] })({
      shape: [3],
      inputs,
      outputs: [{ buffer: gathered, offset: 0, strides: [1] }],
      args: [],
    });
    expect([...gathered]).toEqual([30, 10, 30]);
    const scatterTo = (combine: "add" | "set", out: Float32Array): Float32Array => {
      const value = e.add(e.cast(e.offset(2), "f32"), e.f32(1));
      const kernel: Kernel = {
        rank: 1,
        inputs: [input(), input("int32"), input("virtual")],
        outputs: [{ ...output(value), scatter: { at: index, combine } }],
        args: [],
      };
      compile(kernel)({
        shape: [3],
        inputs: [...inputs, { buffer: null, offset: 0, strides: [1] }],
        outputs: [{ buffer: out, offset: 0, strides: [0] }],
        args: [],
      });
      return out;
    };
    expect([...scatterTo("add", Float32Array.of(0.5, 0, 0))]).toEqual([2.5, 0, 4]);
    expect([...scatterTo("set", Float32Array.of(0.5, 0, 0))]).toEqual([2, 0, 3]);
  });

  test("an output may replace an input, and several outputs see the values before", () => {
    const a = Float32Array.of(1, 2);
    const b = Float32Array.of(10, 20);
    const kernel: Kernel = {
      rank: 1,
      inputs: [input(), input()],
      outputs: [output(e.load(1)), output(e.load(0))],
      args: [],
    };
    const [first, second] = [a, b].map((buffer) => ({ buffer, offset: 0, strides: [1] })) as [
      { buffer: Float32Array; offset: number; strides: number[] },
      { buffer: Float32Array; offset: number; strides: number[] },
    ];
    compile(kernel)({ shape: [2], inputs: [first, second], outputs: [first, second], args: [] });
    expect([[...a], [...b]]).toEqual([
      [10, 20],
      [1, 2],
    ]);
  });

  const reduceRows = (
    op: Reduction["op"],
    rows: readonly (readonly number[])[],
    dtype: DType = "float32",
    epilogue?: e.Expr,
  ): number[] => {
    const type = dtype === "float32" ? "f32" : dtype === "bool" ? "bool" : "i32";
    const isArg = op === "argmax" || op === "argmin";
    const columns = rows[0]?.length ?? 0;
    const buffer = fillArray(dtype, rows.length * columns) as Float32Array;
    buffer.set(rows.flat());
    const outType = isArg ? "int32" : dtype;
    const out = fillArray(outType, rows.length);
    compile({
      rank: 1,
      inputs: [input(dtype)],
      outputs: [output(epilogue ?? (isArg ? e.reducedIndex() : e.reduced(type)), outType)],
      args: [],
      reduce: { op, value: e.load(0, type), rank: 1 },
    })({
      shape: [rows.length, columns],
      inputs: [{ buffer, offset: 0, strides: [columns, 1] }],
      outputs: [{ buffer: out, offset: 0, strides: [1] }],
      args: [],
    });
    return [...out].map(Number);
  };

  test("a sum of float32 is taken in float64 and rounded once", () => {
    expect(reduceRows("sum", [[2 ** 24, 1, 1, 1]])).toEqual([2 ** 24 + 4]);
    expect(reduceRows("sum", [[1e30, 1, -1e30]])).toEqual([0]);
    expect(
      reduceRows("prod", [
        [3, 5, 7],
        [2, 0, 1],
      ]),
    ).toEqual([105, 0]);
    expect(reduceRows("prod", [[1e30, 1e30, 1e-30, 1e-30]])).toEqual([1]);
    expect(reduceRows("sum", [[2147483647, 1]], "int32")).toEqual([-2147483648]);
  });

  test("NaN wins max, min, argmax and argmin; the first index wins a tie", () => {
    const rows = [
      [1, 3, 3, 2],
      [1, NaN, 5, NaN],
      [-Infinity, -Infinity, -Infinity, -Infinity],
    ];
    expect(reduceRows("max", rows)).toEqual([3, NaN, -Infinity]);
    expect(reduceRows("argmax", rows)).toEqual([1, 1, 0]);
    expect(reduceRows("min", rows)).toEqual([1, NaN, -Infinity]);
    expect(reduceRows("argmin", rows)).toEqual([0, 1, 0]);
    expect(
      reduceRows("argmax", rows, "float32", e.add(e.reducedIndex(), e.cast(e.reduced(), "i32"))).slice(0, 1),
    ).toEqual([4]);
  });

  test("reductions of bool are any and all", () => {
    const rows = [
      [0, 1],
      [0, 0],
      [1, 1],
    ];
    expect(reduceRows("max", rows, "bool")).toEqual([1, 0, 1]);
    expect(reduceRows("min", rows, "bool")).toEqual([0, 0, 1]);
    expect(reduceRows("sum", rows, "bool")).toEqual([1, 0, 1]);
  });

  test("an epilogue works on the result and reads at the kept point", () => {
    expect(
      reduceRows(
        "sum",
        [
          [1, 2],
          [3, 4],
        ],
        "float32",
        e.add(e.mul(e.reduced(), e.f32(0.5)), e.load(0)),
      ),
    ).toEqual([2.5, 6.5]);
  });

  test("nothing to reduce gives the neutral element", () => {
    expect(["sum", "prod", "max", "min"].map((op) => reduceRows(op as Reduction["op"], [[], []])[0])).toEqual([
      0,
      1,
      -Infinity,
      Infinity,
    ]);
  });

  test("two reduced dimensions, no kept one, index along both flattened", () => {
    const out = new Int32Array(1);
    compile({
      rank: 0,
      inputs: [input()],
      outputs: [output(e.reducedIndex(), "int32")],
      args: [],
      reduce: { op: "argmax", value: x, rank: 2 },
    })({
      shape: [2, 3],
      inputs: [{ buffer: Float32Array.of(1, 2, 3, 4, 9, 6), offset: 0, strides: [3, 1] }],
      outputs: [{ buffer: out, offset: 0, strides: [] }],
      args: [],
    });
    expect(out[0]).toBe(4);
  });

  test("a scan writes every running value, in float64 until it is stored", () => {
    const out = new Float32Array(8);
    const twice = new Float32Array(8);
    compile({
      rank: 1,
      inputs: [input()],
      outputs: [output(e.reduced()), output(e.add(e.reduced(), x))],
      args: [],
      reduce: { op: "sum", value: x, rank: 1, scan: true },
    })({
      shape: [2, 4],
      inputs: [{ buffer: Float32Array.of(1, 2, 3, 4, 2 ** 24, 1, 1, 1), offset: 0, strides: [4, 1] }],
      outputs: [out, twice].map((buffer) => ({ buffer, offset: 0, strides: [4, 1] })),
      args: [],
    });
    expect([...out]).toEqual([1, 3, 6, 10, 2 ** 24, 2 ** 24, 2 ** 24 + 2, 2 ** 24 + 4]);
    expect([...twice].slice(0, 4)).toEqual([2, 5, 9, 14]);
  });

  test("a dimension of size 0 has no points", () => {
    const out = new Float32Array(1).fill(7);
    compile({ rank: 2, inputs: [input()], outputs: [output(x)], args: [] })({
      shape: [3, 0],
      inputs: [{ buffer: new Float32Array(0), offset: 0, strides: [0, 1] }],
      outputs: [{ buffer: out, offset: 0, strides: [0, 1] }],
      args: [],
    });
    expect([...out]).toEqual([7]);
  });
});

describe("where code may not be made at run time", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("an interpreter takes over", () => {
    class Forbidden {
      constructor() {
        throw new EvalError("Refused to evaluate a string as JavaScript");
      }
    }
    vi.stubGlobal("Function", Forbidden);
    const out = new Float32Array(2);
    const view = { offset: 0, strides: [1] };
    compileJs({ rank: 1, inputs: [input()], outputs: [output(e.neg(e.load(0)))], args: [] })({
      shape: [2],
      inputs: [{ ...view, buffer: Float32Array.of(1, 2) }],
      outputs: [{ ...view, buffer: out }],
      args: [],
    });
    expect([...out]).toEqual([-1, -2]);
  });
});

test("a launch that does not fit its kernel is refused", () => {
  const run = compileJs({ rank: 1, inputs: [input()], outputs: [output(e.load(0))], args: [] });
  const view = { offset: 0, strides: [1], buffer: new Float32Array(1) };
  expect(() => run({ shape: [1, 1], inputs: [view], outputs: [view], args: [] })).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: launch: shape has 2, the kernel needs 1: one size for each dimension.]`,
  );
  expect(() =>
    run({ shape: [1], inputs: [{ ...view, strides: [1, 1] }], outputs: [view], args: [] }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: launch: inputs[0].strides has 2, the kernel needs 1: one for each dimension.]`,
  );
  expect(() =>
    run({ shape: [1], inputs: [{ ...view, buffer: null }], outputs: [view], args: [] }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: launch: inputs[0].buffer is null, but the input is float32. Give it a buffer.]`,
  );
});
