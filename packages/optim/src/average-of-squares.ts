import { type Expr, expr } from "@anneal/kernel";

const { add, mul } = expr;

/** `β v + (1 - β) g²`, in the order in which PyTorch rounds. */
export const averageOfSquares = (v: Expr, g: Expr, beta: Expr, oneMinusBeta: Expr): Expr =>
  add(mul(v, beta), mul(mul(oneMinusBeta, g), g));
