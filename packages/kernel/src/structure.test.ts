import { describe, expect, test } from "vitest";
import { add, arg, constant, type Expr, f32, load, madd, mul, neg, reduced } from "./expr.ts";
import type { Kernel, KernelInput } from "./kernel.ts";
import { structureOf } from "./structure.ts";
import { randomKernel, seeded } from "./testing/random-kernel.ts";

const input: KernelInput = { dtype: "float32", layout: "contiguous", bounds: 0 };
const kernelOf = (expr: Expr, more: Partial<Kernel> = {}): Kernel => ({
  rank: 1,
  inputs: [input],
  outputs: [{ dtype: "float32", expr, layout: "contiguous" }],
  args: [],
  ...more,
});

describe("structureOf", () => {
  test("is the same for kernels built twice", () => {
    for (let seed = 0; seed < 200; seed++) {
      const build = (): Kernel =>
        randomKernel(seeded(seed), { dtypes: ["float32", "int32", "bool"], scatter: true }).kernel;
      expect(structureOf(build())).toBe(structureOf(build()));
    }
  });

  test("tells apart what prints differently", () => {
    const x = load(0);
    const negated = neg(x);
    const kernels = [
      kernelOf(add(x, x)),
      kernelOf(mul(x, x)),
      kernelOf(add(x, f32(0))),
      kernelOf(add(x, f32(-0))),
      kernelOf(add(x, f32(0.1))),
      kernelOf(add(x, f32(0.1 + 2 ** -53))),
      kernelOf(add(x, f32(NaN))),
      kernelOf(add(x, constant("f32", Infinity))),
      kernelOf(add(f32(1), x)),
      kernelOf(add(x, f32(1))),
      kernelOf(madd(x, x, x)),
      kernelOf(add(x, arg(0)), { args: ["f32"] }),
      kernelOf(x, { args: ["f32"] }),
      kernelOf(x, { args: ["i32"] }),
      kernelOf(x),
      kernelOf(x, { rank: 2 }),
      kernelOf(x, { inputs: [{ ...input, layout: "strided" }] }),
      kernelOf(x, { inputs: [{ ...input, bounds: 1 }] }),
      kernelOf(x, { inputs: [{ ...input, reducedLayout: "strided" }] }),
      kernelOf(x, { inputs: [input, input] }),
      kernelOf(reduced(), { reduce: { op: "sum", value: x, rank: 1 } }),
      kernelOf(reduced(), { reduce: { op: "sum", value: x, rank: 2 } }),
      kernelOf(reduced(), { reduce: { op: "prod", value: x, rank: 1 } }),
      kernelOf(reduced(), { reduce: { op: "sum", value: x, rank: 1, scan: true } }),
      // A value used twice, and two values computed alike.
      kernelOf(mul(negated, negated)),
      kernelOf(mul(neg(x), neg(x))),
    ];
    expect(new Set(kernels.map(structureOf)).size).toBe(kernels.length);
  });

  test("does not depend on the launch or on when nodes were made", () => {
    expect(structureOf(kernelOf(add(load(0), f32(2))))).toMatchInlineSnapshot(
      `"1;;float32,contiguous,,0;>float32,contiguous:add:f32(load:f32,const:f32=2,)"`,
    );
  });
});
