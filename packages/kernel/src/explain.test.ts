import { expect, test } from "vitest";
import { explain } from "./explain.ts";
import { f32, load, max, mul, reduced } from "./expr.ts";
import type { Kernel } from "./kernel.ts";

const input = { dtype: "float32", layout: "contiguous", bounds: 0 } as const;
const relu: Kernel = {
  rank: 1,
  inputs: [input],
  outputs: [{ dtype: "float32", expr: max(load(0), f32(0)), layout: "contiguous" }],
  args: [],
};

test("as JavaScript: loops a person can read", () => {
  expect(explain(relu, "js")).toMatchInlineSnapshot(`
    "function kernel({ shape, inputs, outputs, args }, begin, end) {
      const [size0] = shape;
      const { buffer: in0, offset: in0Offset, strides: [in0Stride0] } = inputs[0];
      const { buffer: out0, offset: out0Offset, strides: [out0Stride0] } = outputs[0];
      for (let i0 = begin; i0 < end; i0++) {
        const at0 = in0Offset + i0 * in0Stride0;
        const x0 = in0[at0];
        out0[out0Offset + i0 * out0Stride0] = max(x0, 0);
      }
    }"
  `);
  const meanSquare: Kernel = {
    rank: 1,
    inputs: [{ ...input, reducedLayout: "contiguous" }],
    outputs: [{ dtype: "float32", expr: mul(reduced(), f32(0.25)), layout: "contiguous" }],
    args: [],
    reduce: { op: "sum", value: mul(load(0), load(0)), rank: 1 },
  };
  expect(explain(meanSquare, "js")).toMatchInlineSnapshot(`
    "function kernel({ shape, inputs, outputs, args }, begin, end) {
      const [size0, reducedSize0] = shape;
      const { buffer: in0, offset: in0Offset, strides: [in0Stride0, in0Stride1] } = inputs[0];
      const { buffer: out0, offset: out0Offset, strides: [out0Stride0] } = outputs[0];
      for (let i0 = begin; i0 < end; i0++) {
        let sum = 0; // float64, rounded once
        for (let j0 = 0; j0 < reducedSize0; j0++) {
          const at0 = in0Offset + i0 * in0Stride0 + j0 * in0Stride1;
          const x0 = in0[at0];
          sum = sum + fround(x0 * x0);
        }
        out0[out0Offset + i0 * out0Stride0] = fround(fround(sum) * 0.25);
      }
    }"
  `);
});

test("as WGSL: a shader", () => {
  expect(explain(relu, "wgsl")).toMatchInlineSnapshot(`
    "struct Params {
      points: u32,
      size0: u32,
      in0_offset: i32,
      in0_stride0: i32,
      out0_offset: i32,
      out0_stride0: i32,
    }
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(1) var<storage, read> in0: array<f32>;
    @group(0) @binding(2) var<storage, read_write> out0: array<f32>;

    fn is_nan(x: f32) -> bool {
      return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
    }

    fn order_of(x: f32) -> i32 {
      let bits = bitcast<i32>(x);
      return bits ^ ((bits >> 31u) & 0x7fffffff);
    }

    fn max_nan(a: f32, b: f32) -> f32 {
      if (is_nan(a)) { return a; }
      if (is_nan(b)) { return b; }
      return select(b, a, order_of(a) > order_of(b));
    }

    @compute @workgroup_size(64)
    fn serial(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
      let point = (group.y * groups.x + group.x) * 64u + local;
      if (point >= params.points) { return; }
      let i0 = i32(point);
      let at0 = params.in0_offset + i0 * params.in0_stride0;
      let x0 = in0[at0];
      out0[params.out0_offset + i0 * params.out0_stride0] = max_nan(x0, 0f);
    }
    "
  `);
});

test("as WebAssembly: the module's text", () => {
  const text = explain(relu, "wasm");
  expect(text).toContain('(import "env" "memory" (memory 0))');
  expect(text).toContain("f32x4.max");
});
