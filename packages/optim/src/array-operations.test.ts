import { expr } from "@anneal/kernel";
import { describe, expect, it } from "vitest";
import { testOperations } from "../test/operations-suite.ts";
import { Adafactor } from "./adafactor.ts";
import { arrayParameter } from "./array-parameter.ts";
import { defineFormula } from "./define-formula.ts";

testOperations("typed arrays", (numbers, shape, dtype) =>
  dtype === "float64"
    ? arrayParameter(Float64Array.from(numbers), { shape })
    : arrayParameter(Float32Array.from(numbers), { shape }),
);

describe("operations of typed arrays", () => {
  it("compute anew after the arrays have changed, and leave them alone", () => {
    const w = arrayParameter(Float64Array.of(1, 2));
    const double = defineFormula({ name: "double", inputs: ["x"], value: ({ x }) => expr.add(x, x) });
    expect(w.operations.compute(double, [w.data])).toEqual(Float64Array.of(2, 4));
    w.data[0] = 5;
    expect(w.operations.compute(double, [w.data])).toEqual(Float64Array.of(10, 4));
    expect(w.data).toEqual(Float64Array.of(5, 2));
  });

  it("say what does not fit", () => {
    const w = arrayParameter(new Float32Array(6), { shape: [2, 3] });
    w.grad = new Float32Array(5);
    expect(() => new Adafactor([w]).step()).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: an array of 5 elements stands where one of shape [2, 3] should. Give a gradient of the parameter's shape.]`,
    );
    const sum = defineFormula({ name: "sum", inputs: ["x", "y"], value: ({ x, y }) => expr.add(x, y) });
    expect(() => w.operations.compute(sum, [w.data, w.zeros([2, 2])])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: shapes [2, 3] and [2, 2] do not broadcast.]`,
    );
  });
});
