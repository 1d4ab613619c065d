import { expr, type Formula } from "@anneal/kernel";
import { defineFormula } from "../define-formula.ts";

const { abs, add, mul, neg, sub } = expr;

/** x · y */
export const dot: Formula = defineFormula({
  name: "dot",
  inputs: ["x", "y"],
  value: ({ x, y }) => mul(x, y),
  reduce: { op: "sum", dims: "all" },
});

/** Σ |x| */
export const sumOfSizes: Formula = defineFormula({
  name: "sumOfSizes",
  inputs: ["x"],
  value: ({ x }) => abs(x),
  reduce: { op: "sum", dims: "all" },
});

/** max |x| */
export const largestSize: Formula = defineFormula({
  name: "largestSize",
  inputs: ["x"],
  value: ({ x }) => abs(x),
  reduce: { op: "max", dims: "all" },
});

/** -x */
export const negated: Formula = defineFormula({ name: "negated", inputs: ["x"], value: ({ x }) => neg(x) });

/** x - y */
export const difference: Formula = defineFormula({
  name: "difference",
  inputs: ["x", "y"],
  value: ({ x, y }) => sub(x, y),
});

/** x times a number */
export const times: Formula = defineFormula({
  name: "times",
  inputs: ["x"],
  scalars: ["by"],
  value: ({ x }, { by }) => mul(x, by),
});

/** x times y, which may be a scalar */
export const product: Formula = defineFormula({ name: "product", inputs: ["x", "y"], value: ({ x, y }) => mul(x, y) });

/** x + factor * y */
export const plusTimes: Formula = defineFormula({
  name: "plusTimes",
  inputs: ["x", "y", "factor"],
  value: ({ x, y, factor }) => add(x, mul(y, factor)),
});

/** A number, in the place of a scalar */
export const constant: Formula = defineFormula({
  name: "constant",
  inputs: ["like"],
  scalars: ["value"],
  value: (_, { value }) => value,
});
