import { describe, expect, it } from "vitest";
import * as expr from "./expr.ts";
import { type Formula, formulaValue } from "./formula.ts";
import { compileJs } from "./js/compile.ts";

const { add, arg, cast, f32, load, mul } = expr;

describe("formulaValue", () => {
  // (x + 1/3) * by + (x + 1/3)
  const shared = add(load(0), f32(1 / 3));
  const formula: Formula = { name: "f", inputs: ["x"], scalars: ["by"], value: add(mul(shared, arg(0)), shared) };

  it.each([
    ["f64", "float64", 8 / 3, Float64Array],
    ["f32", "float32", Math.fround(Math.fround(Math.fround(1 + Math.fround(1 / 3)) * 1) * 2), Float32Array],
  ] as const)(
    "computes in %s, whatever the inputs are, with the expressions it is given",
    (type, dtype, expected, Kind) => {
      const value = formulaValue(formula, type, [cast(load(0, "f32"), type)], [arg(0, type)]);
      const run = compileJs({
        rank: 1,
        inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
        outputs: [{ dtype, layout: "contiguous", expr: value }],
        args: [type],
      });
      const out = new Kind(1);
      const view = { offset: 0, strides: [1] };
      const inputs = [{ ...view, buffer: Float32Array.of(1) }];
      run({ shape: [1], inputs, outputs: [{ ...view, buffer: out }], args: [1] });
      // 1 + 1/3 and its double: within one rounding of 8/3.
      expect(out[0]).toBeCloseTo(expected, dtype === "float64" ? 15 : 6);
    },
  );

  it("shares what the formula shares", () => {
    const value = formulaValue(formula, "f64", [load(0, "f64")], [arg(0, "f64")]);
    expect(value.args[0]?.args[0]).toBe(value.args[1]);
  });
});
