import { afterAll, describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import * as e from "../expr.ts";
import type { TypedArray } from "../js/arrays.ts";
import { compileJs } from "../js/compile.ts";
import { erf } from "../js/scalars.ts";
import type { Kernel, KernelInput, Launch } from "../kernel.ts";
import { randomKernel, seeded } from "../testing/random-kernel.ts";
import { openTestGpu, runWgsl } from "../testing/webgpu.ts";
import { printWgsl, type WgslDispatch } from "./print.ts";

const input = (dtype: KernelInput["dtype"] = "float32"): KernelInput => ({ dtype, layout: "contiguous", bounds: 0 });
const output = (expr: e.Expr, dtype: DType = "float32") => ({ dtype, expr, layout: "contiguous" }) as const;
const map = (expr: e.Expr, dtype: DType = "float32"): Kernel => ({
  rank: 1,
  inputs: [input()],
  outputs: [output(expr, dtype)],
  args: [],
});

describe("what WGSL cannot do is refused", () => {
  test("float64 and int64", () => {
    const double: Kernel = {
      rank: 1,
      inputs: [input("float64")],
      outputs: [output(e.load(0, "f64"), "float64")],
      args: [],
    };
    expect(() => printWgsl(double)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: wgsl: input 0 is float64, which WebGPU has not. Use float32, or run it on a CPU device.]`,
    );
    expect(() => printWgsl(map(e.cast(e.cast(e.load(0), "i64"), "f32")))).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: wgsl: cast is i64, which WebGPU has not. Use i32, or run it on a CPU device.]`,
    );
  });

  test("scatters", () => {
    const scatter: Kernel = {
      rank: 1,
      inputs: [input()],
      outputs: [{ ...output(e.load(0)), scatter: { at: e.i32(0), combine: "add" } }],
      args: [],
    };
    expect(() => printWgsl(scatter)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: wgsl: output 0 scatters, which is not on this target yet. Run it on a CPU device.]`,
    );
  });

  test("a workgroup that is not a power of two", () => {
    expect(() => printWgsl(map(e.load(0)), { workgroupSize: 100 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: printWgsl: workgroupSize is 100. Use a power of two; 64 suits most GPUs.]`,
    );
  });
});

test("a dispatch never has more than 65,535 workgroups along a dimension", () => {
  const view = { offset: 0, strides: [1], buffer: null };
  const launchOf = (points: number): Launch<null> => ({ shape: [points], inputs: [], outputs: [view], args: [] });
  const { encode } = printWgsl({ rank: 1, inputs: [], outputs: [output(e.f32(1))], args: [] });
  expect(encode(launchOf(0)).workgroups).toEqual([0, 0]);
  expect(encode(launchOf(65)).workgroups).toEqual([2, 1]);
  expect(encode(launchOf(64 * 65536)).workgroups).toEqual([32768, 2]);
});

const gpu = await openTestGpu();
if ("reason" in gpu) console.warn(`WGSL tests on a GPU are skipped: ${gpu.reason}.`);

describe.skipIf("reason" in gpu)("on a GPU, against the JavaScript loops", () => {
  const device = (gpu as { device: GPUDevice }).device;
  afterAll(() => {
    (gpu as { close: () => void }).close();
  });

  async function both(kernel: Kernel, launch: () => Launch<TypedArray>, entryPoint?: WgslDispatch["entryPoint"]) {
    const expected = launch();
    compileJs(kernel)(expected);
    const got = launch();
    await runWgsl(device, printWgsl(kernel), got, entryPoint);
    return {
      got: got.outputs.map(({ buffer }) => [...buffer]),
      expected: expected.outputs.map(({ buffer }) => [...buffer]),
    };
  }

  const mapOver = async (expr: e.Expr, values: readonly number[], dtype: DType = "float32"): Promise<unknown[]> => {
    const buffer = Float32Array.from(values);
    const out =
      dtype === "float32"
        ? new Float32Array(values.length)
        : dtype === "int32"
          ? new Int32Array(values.length)
          : new Uint8Array(values.length);
    const view = { offset: 0, strides: [1] };
    await runWgsl(device, printWgsl(map(expr, dtype)), {
      shape: [values.length],
      inputs: [{ ...view, buffer }],
      outputs: [{ ...view, buffer: out }],
      args: [],
    });
    return [...out];
  };
  const x = e.load(0);

  test("NaN and infinity flow", async () => {
    expect(await mapOver(e.max(x, e.f32(1)), [NaN, 2, -Infinity])).toEqual([NaN, 2, 1]);
    expect(await mapOver(e.min(e.f32(NaN), x), [1])).toEqual([NaN]);
    expect(await mapOver(e.max(x, e.f32(0)), [-0])).toEqual([0]);
    expect(await mapOver(e.min(x, e.f32(0)), [-0])).toEqual([-0]);
    expect(await mapOver(e.ne(x, x), [NaN, Infinity, 1], "bool")).toEqual([1, 0, 0]);
    expect(await mapOver(e.eq(x, x), [NaN, Infinity, 1], "bool")).toEqual([0, 1, 1]);
    expect(await mapOver(e.select(e.lt(x, e.f32(Infinity)), e.f32(-Infinity), x), [1, NaN, Infinity])).toEqual([
      -Infinity,
      NaN,
      Infinity,
    ]);
    expect(await mapOver(e.cast(x, "i32"), [NaN, 3e9, -3e9, -1.9, Infinity], "int32")).toEqual([
      0, 2147483647, -2147483648, -1, 2147483647,
    ]);
  });

  test("the remainder is exact however far apart the operands are", async () => {
    const values = [1e30, -7.5, 1e-30, 2 ** 100, 5, 2.25];
    const expected = values.map((v) => Math.fround(Math.fround(v) % Math.fround(0.3)));
    expect(await mapOver(e.binary("rem", x, e.f32(0.3)), values)).toEqual(expected);
    expect(await mapOver(e.binary("rem", e.f32(3), x), [0, Infinity, NaN, -2])).toEqual([NaN, 3, NaN, 1]);
  });

  test("mulhi from 16-bit pieces is exact", async () => {
    const words = [0xffffffff, 0xdeadbeef, 0x10000, 0xffff, 1, 0x80000000, 0x12345678];
    const high = e.mulhi(e.bitcast(e.load(0, "i32"), "u32"), e.u32(0xd2511f53));
    const kernel: Kernel = {
      rank: 1,
      inputs: [input("int32")],
      outputs: [output(e.bitcast(high, "i32"), "int32")],
      args: [],
    };
    const buffer = new Int32Array(Uint32Array.from(words).buffer);
    const out = new Int32Array(words.length);
    const view = { offset: 0, strides: [1] };
    const launch = {
      shape: [words.length],
      inputs: [{ ...view, buffer }],
      outputs: [{ ...view, buffer: out }],
      args: [],
    };
    await runWgsl(device, printWgsl(kernel), launch);
    expect([...new Uint32Array(out.buffer)]).toEqual(words.map((w) => Number((BigInt(w) * 0xd2511f53n) >> 32n)));
  });

  test("every float16 converts to float32 and back", async () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const view = { offset: 0, strides: [1] };
    const widen: Kernel = { rank: 1, inputs: [input("float16")], outputs: [output(x), output(x, "float16")], args: [] };
    const { got, expected } = await both(widen, () => ({
      shape: [65536],
      inputs: [{ ...view, buffer: bits }],
      outputs: [
        { ...view, buffer: new Float32Array(65536) },
        { ...view, buffer: new Uint16Array(65536) },
      ],
      args: [],
    }));
    expect(got).toEqual(expected);
  });

  test("float32 rounds to float16 to nearest, halves to even", async () => {
    const random = seeded(1);
    const values = Float32Array.from({ length: 4096 }, () => (random() - 0.5) * 2 ** Math.floor(random() * 50 - 30));
    values.set([
      65504,
      65519,
      65520,
      65535,
      2 ** -24,
      2 ** -25,
      3 * 2 ** -25,
      2 ** -14,
      2 ** -14 - 2 ** -26,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      -0,
      NaN,
    ]);
    const view = { offset: 0, strides: [1] };
    const { got, expected } = await both(
      { rank: 1, inputs: [input()], outputs: [output(x, "float16")], args: [] },
      () => ({
        shape: [values.length],
        inputs: [{ ...view, buffer: values }],
        outputs: [{ ...view, buffer: new Uint16Array(values.length) }],
        args: [],
      }),
    );
    expect(got).toEqual(expected);
  });

  test("an output may share its input's buffer", async () => {
    const kernel: Kernel = {
      rank: 1,
      inputs: [input(), input("uint8")],
      outputs: [output(e.add(x, e.cast(e.load(1, "i32"), "f32"))), output(e.add(e.load(1, "i32"), e.i32(1)), "uint8")],
      args: [],
    };
    const floats = Float32Array.of(1, 2, 3, 4, 5);
    const bytes = Uint8Array.of(10, 20, 30, 40, 255);
    const view = { offset: 0, strides: [1] };
    const buffers = [floats, bytes].map((buffer) => ({ ...view, buffer }));
    await runWgsl(device, printWgsl(kernel, { sharedWith: [0, 1] }), {
      shape: [5],
      inputs: buffers,
      outputs: buffers,
      args: [],
    });
    expect([[...floats], [...bytes]]).toEqual([
      [11, 22, 33, 44, 260],
      [11, 21, 31, 41, 0],
    ]);
  });

  test("a large sum is taken by a workgroup for each result", async () => {
    const n = 100_000;
    const random = seeded(2);
    const values = Float32Array.from({ length: 2 * n }, () => random());
    const kernel: Kernel = {
      rank: 1,
      inputs: [{ ...input(), reducedLayout: "contiguous" }],
      outputs: [output(e.reduced())],
      args: [],
      reduce: { op: "sum", value: x, rank: 1 },
    };
    const launch = () => ({
      shape: [2, n],
      inputs: [{ offset: 0, strides: [n, 1], buffer: values }],
      outputs: [{ offset: 0, strides: [1], buffer: new Float32Array(2) }],
      args: [],
    });
    expect(printWgsl(kernel).encode(launch()).entryPoint).toBe("tree");
    const { got, expected } = await both(kernel, launch);
    // 64 partial sums of 1,563 numbers in [0, 1): the rounding of each addition is below 2^-14 of 782, and they average out.
    expect(Math.abs((got[0]?.[0] as number) / (expected[0]?.[0] as number) - 1)).toBeLessThan(1e-6);
    expect((await both(kernel, launch)).got).toEqual(got);
  });

  test("more workgroups than one dimension holds", async () => {
    const n = 70_000;
    const kernel: Kernel = { rank: 1, inputs: [input("virtual")], outputs: [output(e.offset(0), "int32")], args: [] };
    const out = new Int32Array(n);
    const view = { offset: 0, strides: [1] };
    const shader = printWgsl(kernel, { workgroupSize: 1 });
    await runWgsl(device, shader, {
      shape: [n],
      inputs: [{ ...view, buffer: null }],
      outputs: [{ ...view, buffer: out }],
      args: [],
    });
    expect(out.every((value, i) => value === i)).toBe(true);
  });

  const finite = (seed: number, exponents: number): number[] => {
    const random = seeded(seed);
    return Array.from({ length: 2000 }, () => Math.fround((random() * 2 - 1) * 2 ** ((random() - 0.5) * exponents)));
  };
  const ulps = (got: unknown, exact: number): number => {
    const expected = Math.fround(exact);
    if (Object.is(got, expected) || (Number.isNaN(got) && Number.isNaN(expected))) return 0;
    // WGSL may flush what is below the normal numbers to zero.
    if (Math.abs(exact) < 2 ** -126 && Math.abs(got as number) <= 2 ** -126) return 0;
    return Math.abs((got as number) - exact) / 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);
  };

  test("products and sums are rounded correctly, quotients and roots as WGSL says", async () => {
    const values = finite(3, 60);
    const other = e.f32(1.1);
    const rounded = Math.fround(1.1);
    expect(await mapOver(e.mul(x, other), values)).toEqual(values.map((v) => Math.fround(v * rounded)));
    expect(await mapOver(e.add(x, other), values)).toEqual(values.map((v) => Math.fround(v + rounded)));
    // https://www.w3.org/TR/WGSL/#floating-point-accuracy: 2.5 units in the last place for x / y; sqrt inherits from 1 / inverseSqrt, 2 more.
    const quotients = await mapOver(e.div(other, x), values);
    expect(Math.max(...values.map((v, i) => ulps(quotients[i], rounded / v)))).toBeLessThanOrEqual(2.5);
    const roots = await mapOver(e.sqrt(e.abs(x)), values);
    expect(Math.max(...values.map((v, i) => ulps(roots[i], Math.sqrt(Math.abs(v)))))).toBeLessThanOrEqual(4.5);
  });

  // What math/ promises for float32, and a unit more for WGSL's division.
  test.each([
    ["exp", Math.exp, 14],
    ["expm1", Math.expm1, 14],
    ["log", Math.log, 60],
    ["tanh", Math.tanh, 14],
    ["log1p", Math.log1p, 60],
    ["sin", Math.sin, 32],
    ["cos", Math.cos, 32],
    ["tan", Math.tan, 32],
    ["asin", Math.asin, 20],
    ["acos", Math.acos, 20],
    ["atan", Math.atan, 60],
    ["sinh", Math.sinh, 14],
    ["cosh", Math.cosh, 14],
    ["erf", erf, 14],
  ] as const)("%s within 3 units in the last place", async (op, exact, exponents) => {
    const values = [...finite(4, exponents), Infinity, -Infinity, NaN, 0, -0];
    const got = await mapOver(e.unary(op, x), values);
    const worst = values
      .map((v, i) => ({ v, got: got[i], ulps: ulps(got[i], exact(v)) }))
      .reduce((a, b) => (b.ulps > a.ulps ? b : a));
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(3);
  });

  test.each([
    ["pow", Math.pow],
    ["atan2", Math.atan2],
  ] as const)("%s within 3 units in the last place", async (op, exact) => {
    const values = finite(5, 10);
    const others = [1.7, -3, 0.5, 11];
    for (const other of others.map(Math.fround)) {
      const got = await mapOver(e.binary(op, x, e.f32(other)), values);
      const worst = values
        .map((v, i) => ({ v, got: got[i], ulps: ulps(got[i], exact(v, other)) }))
        .reduce((a, b) => (b.ulps > a.ulps ? b : a));
      expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(3);
    }
  });

  // Sums of floats depend on the order; division, square roots and fused multiply-adds have looser rounding in WGSL, and products fall below
  // the normal numbers, where it may flush to zero. What is left is exact.
  const dtypes = ["float32", "int32", "uint8", "bool", "float16"] as const;
  const exactly = {
    dtypes,
    floatsWithout: ["div", "sqrt", "madd", "mul"],
    floatSums: false,
    scan: true,
    largest: 9,
  } as const;
  test.each(Array.from({ length: 10 }, (_, i) => i))("random kernels, seed %i, to the bit", async (seed) => {
    for (let round = 0; round < 10; round++) {
      const number = seed * 1000 + round;
      const { kernel, launch } = randomKernel(seeded(number), exactly);
      for (const entryPoint of printWgsl(kernel).entryPoints) {
        const { got, expected } = await both(kernel, launch, entryPoint);
        expect(got, `seed ${number}, ${entryPoint}\n${printWgsl(kernel).code}`).toEqual(expected);
      }
    }
  });
});
