import { describe, expect, test } from "vitest";
import { type DType, scalarOf } from "../../dtype.ts";
import * as e from "../../expr.ts";
import type { TypedArray } from "../../js/arrays.ts";
import { compileJs } from "../../js/compile.ts";
import { fromFloat16, toFloat16 } from "../../js/scalars.ts";
import { type Kernel, type KernelInput, type KernelView, type Launch, layoutOf } from "../../kernel.ts";
import { type RandomKernelOptions, randomKernel, seeded } from "../../testing/random-kernel.ts";
import { compileWasm } from "../../testing/run-wasm.ts";
import { hostMath } from "./host-math.ts";

const dtypes = Object.keys(scalarOf) as DType[];
const narrow = dtypes.filter((dtype) => dtype !== "float64" && dtype !== "int64");

/** Which bits a NaN has is the engine's choice, so that kernels that look at them differ. */
function looksAtBits({ outputs, reduce }: Kernel): boolean {
  const looks = ({ op, type, args }: e.Expr): boolean =>
    (op === "bitcast" && type !== args[0]?.type && (type === "f32" || args[0]?.type === "f32")) || args.some(looks);
  const roots = outputs.flatMap(({ expr, scatter }) => (scatter ? [expr, scatter.at] : [expr]));
  return [...roots, ...(reduce ? [reduce.value] : [])].some(looks);
}

const numbersOf = ({ outputs }: Launch<TypedArray>): unknown[][] => outputs.map(({ buffer }) => [...buffer]);

/** A kernel of one input and one output, both along one dimension. */
function along(expr: e.Expr, from: DType, to: DType, more: Partial<Kernel> = {}): Kernel {
  const input: KernelInput = { dtype: from, layout: "contiguous", bounds: 0 };
  return { rank: 1, inputs: [input], outputs: [{ dtype: to, expr, layout: "contiguous" }], args: [], ...more };
}

/** Applies such a kernel to an array. */
function apply<T extends TypedArray>(kernel: Kernel, x: TypedArray, out: T, args: number[] = []): T {
  const view: KernelView = { offset: 0, strides: [1] };
  const { run } = compileWasm(kernel, { shared: false, relaxed: false });
  run({ shape: [out.length], inputs: [{ ...view, buffer: x }], outputs: [{ ...view, buffer: out }], args });
  return out;
}

describe("random kernels give what the JavaScript kernels give, to the bit", () => {
  const options: readonly (RandomKernelOptions & { readonly name: string })[] = [
    { name: "32-bit", dtypes: narrow },
    { name: "all dtypes", dtypes },
    { name: "float32", dtypes: ["float32"] },
    { name: "wider", dtypes, largest: 20 },
    { name: "wider 32-bit", dtypes: narrow, largest: 24 },
    { name: "scatter", dtypes, scatter: true },
  ];
  const seeds = options.flatMap((option) => [0, 1, 2, 3].map((seed) => ({ ...option, seed })));
  // What is rounded differently is left out: madd is rounded twice here, and float sums are gathered in another order.
  test.each(seeds)("$name, seed $seed", ({ name: _, seed, ...option }) => {
    for (let round = 0; round < 40; round++) {
      const random = seeded(seed * 1000 + round);
      const { kernel, launch } = randomKernel(random, {
        scan: true,
        floatSums: false,
        floatsWithout: ["madd"],
        ...option,
      });
      if (looksAtBits(kernel)) continue;
      const expected = launch();
      compileJs(kernel)(expected);
      const wasm = compileWasm(kernel, { shared: round % 2 === 0, relaxed: round % 4 < 2 });
      const actual = launch();
      wasm.run(actual, wasm.kernel.sequential ? [] : [random() / 2, 0.5 + random() / 2]);
      expect(numbersOf(actual), `${seed * 1000 + round}: ${JSON.stringify(kernel)}`).toEqual(numbersOf(expected));
    }
  });
});

describe("wherever the range is cut, the results are the same", () => {
  test.each([0, 1, 2, 3, 4, 5])("seed %i", (seed) => {
    for (let round = 0; round < 10; round++) {
      const random = seeded(7000 + seed * 1000 + round);
      const { kernel, launch } = randomKernel(random, { dtypes, scan: true, floatSums: true, largest: 12 });
      const wasm = compileWasm(kernel, { shared: false, relaxed: true });
      const whole = launch();
      wasm.run(whole);
      for (let cut = 1; cut < 12; cut++) {
        const parts = launch();
        wasm.run(parts, [random() * 0.4, 0.4 + random() * 0.3, 0.7 + random() * 0.3]);
        expect(numbersOf(parts), `${7000 + seed * 1000 + round}`).toEqual(numbersOf(whole));
      }
    }
  });
});

describe("float sums and products", () => {
  test.each([0, 1, 2, 3])("are those of float64 to a few ulp on random kernels, seed %i", (seed) => {
    for (let round = 0; round < 40; round++) {
      const random = seeded(30000 + seed * 1000 + round);
      const { kernel, launch } = randomKernel(random, { dtypes: ["float32", "float64"], floatSums: true, scan: true });
      const op = kernel.reduce?.op;
      if (op !== "sum" && op !== "prod") continue;
      // The total itself: what an expression makes of it may grow the difference.
      const type = kernel.reduce?.value.type ?? "f32";
      const outputs = kernel.outputs.map((output) => ({
        ...output,
        dtype: "float64" as const,
        expr: e.cast(e.reduced(type), "f64"),
      }));
      const total = { ...kernel, outputs };
      const start = launch();
      const fresh = (): Launch<TypedArray> => ({
        ...start,
        outputs: start.outputs.map((view) => ({ ...view, buffer: new Float64Array(view.buffer.length) })),
      });
      const expected = fresh();
      compileJs(total)(expected);
      const actual = fresh();
      compileWasm(total, { shared: false, relaxed: false }).run(actual);
      actual.outputs.forEach(({ buffer }, i) => {
        const wanted = expected.outputs[i]?.buffer as Float64Array;
        (buffer as Float64Array).forEach((x, at) => {
          const y = wanted[at] as number;
          if (Number.isFinite(y) && Math.abs(y) < 1e30 && Number.isFinite(x)) {
            // Terms of both signs cancel: up to 36 of them, each at most a few times 1e9, in float32.
            const size = Math.max(Math.abs(y), op === "sum" ? 2 ** 33 : 0);
            expect(Math.abs(x - y)).toBeLessThanOrEqual(size * 2 ** (type === "f32" ? -20 : -49));
          }
        });
      });
    }
  });

  const sum = (rank: number, layout: KernelInput["layout"], reducedLayout: KernelInput["layout"]): Kernel => ({
    rank,
    inputs: [{ dtype: "float32", layout, reducedLayout, bounds: 0 }],
    outputs: [{ dtype: "float32", expr: e.reduced(), layout: "contiguous" }],
    args: [],
    reduce: { op: "sum", value: e.load(0), rank: 1 },
  });
  const count = 1_000_003;
  const random = seeded(1);
  const x = Float32Array.from({ length: count }, random);
  const exact = x.reduce((total, value) => total + value, 0);

  test("a million numbers along a row sum to within 4 ulp, as pairwise sums do", () => {
    const out = new Float32Array(1);
    const launch = { shape: [count], inputs: [{ offset: 0, strides: [1], buffer: x }], args: [] };
    compileWasm(sum(0, "broadcast", "contiguous"), { shared: false, relaxed: false }).run({
      ...launch,
      outputs: [{ offset: 0, strides: [], buffer: out }],
    });
    expect(Math.abs((out[0] as number) / exact - 1)).toBeLessThan(2 ** -22);
  });

  test("a million numbers along a column, too", () => {
    const out = new Float32Array(1);
    compileWasm(sum(1, "contiguous", "strided"), { shared: false, relaxed: false }).run({
      shape: [1, count],
      inputs: [{ offset: 0, strides: [1, 1], buffer: x }],
      outputs: [{ offset: 0, strides: [1], buffer: out }],
      args: [],
    });
    expect(Math.abs((out[0] as number) / exact - 1)).toBeLessThan(2 ** -22);
  });

  test("a running sum is rounded once at every step", () => {
    const out = new Float32Array(count);
    const scan = sum(0, "broadcast", "contiguous");
    compileWasm(
      { ...scan, reduce: { op: "sum", value: e.load(0), rank: 1, scan: true } },
      { shared: false, relaxed: false },
    ).run({
      shape: [count],
      inputs: [{ offset: 0, strides: [1], buffer: x }],
      outputs: [{ offset: 0, strides: [1], buffer: out }],
      args: [],
    });
    let total = 0;
    const wanted = x.map((value) => {
      total += value;
      return total;
    });
    expect(out).toEqual(wanted);
  });

  test("nothing sums to 0, multiplies to 1, and has no largest number", () => {
    const empty = (op: "sum" | "prod" | "max" | "min"): number => {
      const out = new Float32Array(1);
      const kernel = { ...sum(0, "broadcast", "contiguous"), reduce: { op, value: e.load(0), rank: 1 } };
      compileWasm(kernel, { shared: false, relaxed: false }).run({
        shape: [0],
        inputs: [{ offset: 0, strides: [1], buffer: new Float32Array(1) }],
        outputs: [{ offset: 0, strides: [], buffer: out }],
        args: [],
      });
      return out[0] as number;
    };
    expect([empty("sum"), empty("prod"), empty("max"), empty("min")]).toEqual([0, 1, -Infinity, Infinity]);
  });
});

describe("every length and alignment", () => {
  test.each(dtypes)("%s: lengths 0 to 19, offsets 0 to 3, strides of both signs", (dtype) => {
    const type = scalarOf[dtype];
    const x = e.load(0, type);
    const expr = type === "bool" ? e.not(x) : e.add(x, x);
    const random = seeded(5);
    const make = { float64: Float64Array, int64: BigInt64Array, float16: Uint16Array, float32: Float32Array };
    const Values = { ...make, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array }[dtype];
    const source = new Values(64);
    for (let i = 0; i < 64; i++) {
      const value = Math.floor(random() * 100);
      if (source instanceof BigInt64Array) source[i] = BigInt(value);
      else source[i] = dtype === "float16" ? toFloat16(value) : dtype === "bool" ? value % 2 : value;
    }
    for (const stride of [1, 0, 3, -1, -2]) {
      const kernel: Kernel = {
        ...along(expr, dtype, dtype),
        inputs: [{ dtype, layout: layoutOf(stride), bounds: 0 }],
      };
      const js = compileJs(kernel);
      const { run } = compileWasm(kernel, { shared: false, relaxed: false });
      for (let length = 0; length < 20; length++) {
        const offset = stride < 0 ? -stride * 20 : length % 4;
        const launch = (): Launch<TypedArray> => ({
          shape: [length],
          inputs: [{ offset, strides: [stride], buffer: source }],
          outputs: [{ offset: length % 3, strides: [1], buffer: new Values(25) }],
          args: [],
        });
        const [expected, actual] = [launch(), launch()];
        js(expected);
        run(actual);
        expect(numbersOf(actual)).toEqual(numbersOf(expected));
      }
    }
  });

  test("a transposed view of every small shape", () => {
    const kernel: Kernel = {
      rank: 2,
      inputs: [{ dtype: "float32", layout: "strided", bounds: 0 }],
      outputs: [{ dtype: "float32", expr: e.load(0), layout: "contiguous" }],
      args: [],
    };
    const { run } = compileWasm(kernel, { shared: false, relaxed: false });
    for (const [rows, columns] of [
      [1, 1],
      [3, 17],
      [40, 33],
      [257, 9],
      [300, 70],
    ] as const) {
      const x = Float32Array.from({ length: rows * columns }, (_, i) => i);
      const out = new Float32Array(rows * columns);
      run(
        {
          shape: [rows, columns],
          inputs: [{ offset: 0, strides: [1, rows], buffer: x }],
          outputs: [{ offset: 0, strides: [columns, 1], buffer: out }],
          args: [],
        },
        [0.3, 0.6],
      );
      expect(out.every((value, i) => value === Math.floor(i / columns) + (i % columns) * rows)).toBe(true);
    }
  });
});

describe("values", () => {
  test("all float16 are read and written as they are, and rounding goes to the nearest, halves to even", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const floats = apply(along(e.load(0), "float16", "float32"), all, new Float32Array(65536));
    expect(floats.every((x, i) => Object.is(x, fromFloat16(i)))).toBe(true);
    const random = seeded(3);
    // All halves between neighbours, a little less and a little more, and anything else.
    const near = Array.from(floats).flatMap((x, i) => {
      const half = (x + (floats[i + 1] ?? x)) / 2;
      return [
        half,
        half * (1 + 2 ** -23),
        half * (1 - 2 ** -23),
        (random() - 0.5) * 2 ** Math.floor(random() * 80 - 60),
      ];
    });
    const values = Float32Array.from([...floats, ...near, 65519.99, 65520, -65520, 1e-8, 2 ** -25, 3 * 2 ** -26]);
    const halves = apply(along(e.load(0), "float32", "float16"), values, new Uint16Array(values.length));
    expect(halves.every((bits, i) => bits === toFloat16(values[i] as number))).toBe(true);
  });

  test("float32 keeps NaN, infinities, -0 and subnormal numbers", () => {
    const x = Float32Array.of(NaN, Infinity, -Infinity, -0, 0, 1e-45, -1e-40, 3.4e38);
    const out = apply(along(e.mul(e.load(0), e.f32(1)), "float32", "float32"), x, new Float32Array(8));
    expect([...out]).toEqual([...x]);
    expect([...apply(along(e.mul(e.load(0), e.f32(0.5)), "float32", "float32"), x, out)].slice(5)).toEqual(
      [0, Math.fround(-1e-40) / 2, Math.fround(3.4e38) / 2].map(Math.fround),
    );
  });

  test("an argument is rounded to its type; 64-bit integers are whole", () => {
    const x = new BigInt64Array(3);
    const out = apply(
      along(e.add(e.load(0, "i64"), e.arg(0, "i64")), "int64", "int64", { args: ["i64"] }),
      x,
      new BigInt64Array(3),
      [-(2 ** 53) + 1],
    );
    expect([...out]).toEqual([1n - 2n ** 53n, 1n - 2n ** 53n, 1n - 2n ** 53n]);
    const floats = apply(
      along(e.arg(0), "float32", "float32", { args: ["f32"] }),
      new Float32Array(5),
      new Float32Array(5),
      [0.1],
    );
    expect([...floats]).toEqual(Array(5).fill(Math.fround(0.1)));
  });

  test.each(["f32", "f64"] as const)("the remainder of %s is exact", (type) => {
    const dtype = type === "f32" ? "float32" : "float64";
    const Values = type === "f32" ? Float32Array : Float64Array;
    const random = seeded(11);
    const wild = (): number => (random() - 0.5) * 2 ** Math.floor(random() * 250 - 125);
    const x = Values.from([...Array.from({ length: 2000 }, wild), 5, -5, 5.5, NaN, Infinity, 3, 0, -0, 1, 1e-45]);
    const y = Values.from([...Array.from({ length: 2000 }, wild), 3, 3, -2, 2, 2, Infinity, 3, 3, 0, 3]);
    const kernel: Kernel = {
      ...along(e.rem(e.load(0, type), e.load(1, type)), dtype, dtype),
      inputs: [0, 1].map(() => ({ dtype, layout: "contiguous", bounds: 0 })),
    };
    const out = new Values(x.length);
    const view = { offset: 0, strides: [1] };
    compileWasm(kernel, { shared: false, relaxed: false }).run({
      shape: [x.length],
      inputs: [x, y].map((buffer) => ({ ...view, buffer })),
      outputs: [{ ...view, buffer: out }],
      args: [],
    });
    expect([...out]).toEqual(Array.from(x, (value, i) => value % (y[i] as number)));
  });

  test("integer powers wrap, and truncate for negative exponents", () => {
    for (const dtype of ["int32", "int64"] as const) {
      const type = scalarOf[dtype];
      const kernel: Kernel = {
        ...along(e.binary("pow", e.load(0, type), e.load(1, type)), dtype, dtype),
        inputs: [0, 1].map(() => ({ dtype, layout: "contiguous", bounds: 0 })),
      };
      const x = [3, -3, 2, -2, 1, -1, -1, 2, 0, 0, 7, 10];
      const y = [4, 3, 31, 65, -5, -5, -4, -1, 0, -1, 0, 9];
      const values = (of: number[]): TypedArray =>
        dtype === "int32" ? Int32Array.from(of) : BigInt64Array.from(of.map(BigInt));
      const launch = (): Launch<TypedArray> => ({
        shape: [x.length],
        inputs: [x, y].map((of) => ({ offset: 0, strides: [1], buffer: values(of) })),
        outputs: [{ offset: 0, strides: [1], buffer: values(x.map(() => 0)) }],
        args: [],
      });
      const [expected, actual] = [launch(), launch()];
      compileJs(kernel)(expected);
      compileWasm(kernel, { shared: false, relaxed: false }).run(actual);
      expect(numbersOf(actual)).toEqual(numbersOf(expected));
    }
  });

  test("float64 functions are the host's", () => {
    const x = Float64Array.of(0.3, -1.7, 25, 1e-9, 0.99);
    for (const op of ["exp", "log1p", "sin", "cosh", "tanh"] as const) {
      const kernel = along(e.unary(op, e.load(0, "f64")), "float64", "float64");
      const out = apply(kernel, x, new Float64Array(5));
      const expected = new Float64Array(5);
      const view = { offset: 0, strides: [1] };
      compileJs(kernel)({
        shape: [5],
        inputs: [{ ...view, buffer: x }],
        outputs: [{ ...view, buffer: expected }],
        args: [],
      });
      expect([...out]).toEqual([...expected]);
    }
  });

  test.each(["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "atan", "tanh", "sinh", "cosh", "erf"] as const)(
    "%s of float32 is within a few ulp, in every lane",
    (op) => {
      const random = seeded(9);
      const x = Float32Array.from({ length: 1001 }, () => (op.startsWith("log") ? random() * 20 : random() * 16 - 8));
      for (const relaxed of [false, true]) {
        const out = new Float32Array(x.length);
        const view = { offset: 0, strides: [1] };
        compileWasm(along(e.unary(op, e.load(0)), "float32", "float32"), { shared: false, relaxed }).run({
          shape: [x.length],
          inputs: [{ ...view, buffer: x }],
          outputs: [{ ...view, buffer: out }],
          args: [],
        });
        const host = hostMath[op] as (x: number, y: number) => number;
        out.forEach((y, i) => {
          const wanted = host(x[i] as number, 0);
          // 8 ulp, or as much of 1 where cancellation makes the result small.
          expect(Math.abs(y - wanted)).toBeLessThanOrEqual(2 ** -20 * Math.max(Math.abs(wanted), 2 ** -3));
        });
      }
    },
  );

  test("madd is rounded once where relaxed SIMD has it, twice elsewhere", () => {
    const x = Float32Array.from({ length: 9 }, (_, i) => 1 + (i + 1) * 2 ** -23);
    const kernel = along(e.madd(e.load(0), e.load(0), e.f32(-1)), "float32", "float32");
    const twice = [...x].map((v) => Math.fround(Math.fround(v * v) - 1));
    const once = [...x].map((v) => Math.fround(v * v - 1));
    const run = (relaxed: boolean): number[] => {
      const out = new Float32Array(9);
      const view = { offset: 0, strides: [1] };
      compileWasm(kernel, { shared: false, relaxed }).run({
        shape: [9],
        inputs: [{ ...view, buffer: x }],
        outputs: [{ ...view, buffer: out }],
        args: [],
      });
      return [...out];
    };
    expect(run(false)).toEqual(twice);
    expect([once, twice]).toContainEqual(run(true));
  });
});

describe("outputs", () => {
  test("may replace inputs, and each other's", () => {
    const view = { offset: 0, strides: [1] };
    const kernel: Kernel = {
      ...along(e.load(1), "float32", "float32"),
      inputs: [0, 1].map(() => ({ dtype: "float32", layout: "contiguous", bounds: 0 })),
      outputs: [e.load(1), e.load(0)].map((expr) => ({ dtype: "float32", expr, layout: "contiguous" })),
    };
    const a = Float32Array.from({ length: 23 }, (_, i) => i);
    const b = Float32Array.from({ length: 23 }, (_, i) => -i);
    const buffers = [
      { ...view, buffer: a },
      { ...view, buffer: b },
    ];
    compileWasm(kernel, { shared: false, relaxed: false }).run({
      shape: [23],
      inputs: buffers,
      outputs: buffers,
      args: [],
    });
    expect([...a]).toEqual(Array.from({ length: 23 }, (_, i) => -i));
    expect([...b]).toEqual(Array.from({ length: 23 }, (_, i) => i));
  });

  test("rows are gathered and their gradients scattered, as an embedding does", () => {
    const [count, width, rows] = [9, 11, 4];
    const at = Int32Array.from({ length: count }, (_, i) => (i * 3) % rows);
    const table = Float32Array.from({ length: rows * width }, (_, i) => i);
    const rowOf = e.mul(e.load(0, "i32"), e.i32(width));
    const inputs: KernelInput[] = [
      { dtype: "int32", layout: "broadcast", bounds: 0 },
      { dtype: "float32", layout: "contiguous", bounds: 0 },
    ];
    const shape = [count, width];
    const index = { offset: 0, strides: [1, 0], buffer: at };
    const taken = new Float32Array(count * width);
    const take: Kernel = {
      rank: 2,
      inputs,
      outputs: [{ dtype: "float32", expr: e.gather(1, rowOf), layout: "contiguous" }],
      args: [],
    };
    compileWasm(take, { shared: false, relaxed: false }).run({
      shape,
      inputs: [index, { offset: 0, strides: [0, 1], buffer: table }],
      outputs: [{ offset: 0, strides: [width, 1], buffer: taken }],
      args: [],
    });
    expect([...taken]).toEqual(
      Array.from(taken, (_, i) => (at[Math.floor(i / width)] as number) * width + (i % width)),
    );
    const gradient = new Float32Array(rows * width);
    const spread: Kernel = {
      rank: 2,
      inputs,
      outputs: [{ dtype: "float32", expr: e.load(1), layout: "contiguous", scatter: { at: rowOf, combine: "add" } }],
      args: [],
    };
    compileWasm(spread, { shared: false, relaxed: false }).run({
      shape,
      inputs: [index, { offset: 0, strides: [width, 1], buffer: taken }],
      outputs: [{ offset: 0, strides: [0, 1], buffer: gradient }],
      args: [],
    });
    expect([...gradient]).toEqual(
      Array.from(table, (x, i) => x * at.filter((row) => row === Math.floor(i / width)).length),
    );
  });

  test.each([
    [5, 3],
    [70, 3],
    [300, 2],
    [3, 40],
    [6, 33],
  ])("%i outputs of %i elements each: sums, largest and where", (count, each) => {
    const x = Int32Array.from({ length: count * each }, (_, i) => (i * 7919) % 101);
    for (const op of ["sum", "argmax"] as const) {
      const kernel: Kernel = {
        rank: 1,
        inputs: [{ dtype: "int32", layout: "strided", reducedLayout: "contiguous", bounds: 0 }],
        outputs: [{ dtype: "int32", expr: op === "sum" ? e.reduced("i32") : e.reducedIndex(), layout: "contiguous" }],
        args: [],
        reduce: { op, value: e.load(0, "i32"), rank: 1 },
      };
      const out = new Int32Array(count);
      compileWasm(kernel, { shared: false, relaxed: false }).run(
        {
          shape: [count, each],
          inputs: [{ offset: 0, strides: [each, 1], buffer: x }],
          outputs: [{ offset: 0, strides: [1], buffer: out }],
          args: [],
        },
        [0.3, 0.7],
      );
      const rows = Array.from({ length: count }, (_, i) => [...x.slice(i * each, (i + 1) * each)]);
      const wanted = rows.map((row) => (op === "sum" ? row.reduce((a, b) => a + b) : row.indexOf(Math.max(...row))));
      expect([...out]).toEqual(wanted);
    }
  });

  test("scattered add counts every point", () => {
    const kernel: Kernel = {
      rank: 1,
      inputs: [{ dtype: "int32", layout: "contiguous", bounds: 0 }],
      outputs: [
        { dtype: "float32", expr: e.f32(1), layout: "broadcast", scatter: { at: e.load(0, "i32"), combine: "add" } },
      ],
      args: [],
    };
    const at = Int32Array.from({ length: 1003 }, (_, i) => (i * i) % 7);
    const out = new Float32Array(7);
    const wasm = compileWasm(kernel, { shared: false, relaxed: false });
    wasm.run({
      shape: [1003],
      inputs: [{ offset: 0, strides: [1], buffer: at }],
      outputs: [{ offset: 0, strides: [0], buffer: out }],
      args: [],
    });
    expect(wasm.kernel.sequential).toBe(true);
    expect([...out]).toEqual([0, 1, 2, 3, 4, 5, 6].map((k) => at.filter((x) => x === k).length));
  });
});
