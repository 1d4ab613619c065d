import { expr, type Formula, type FormulaReduction } from "@anneal/kernel";
import { defineFormula } from "./define-formula.ts";

/** `x²`, at every element or combined. */
export const squares = (name: string, reduce?: FormulaReduction): Formula =>
  defineFormula({ name, inputs: ["x"], value: ({ x }) => expr.mul(x, x), ...(reduce && { reduce }) });

export const sumOfSquares: Formula = squares("sumOfSquares", { op: "sum", dims: "all" });
