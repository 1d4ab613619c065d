import { type Expr, expr } from "@anneal/kernel";
import { defineFormula } from "./define-formula.ts";
import type { Operations } from "./operations.ts";
import { sumOfSquares } from "./squares.ts";

const { add, and, bitcast, div, eq, max, mul, select, shl, shr, sqrt, u32 } = expr;

/** The nearest bfloat16, halves to even, as a float32: its upper 16 bits. */
function toBfloat16(x: Expr): Expr {
  const bits = bitcast(x, "u32");
  const isOdd = and(shr(bits, u32(16)), u32(1));
  const up = add(bits, add(u32(0x7fff), isOdd));
  const near = bitcast(shl(shr(up, u32(16)), u32(16)), "f32");
  // Adding to the bits of NaN could make a number of it.
  return select(eq(x, x), near, x);
}

const rounded = defineFormula({
  name: "bfloat16",
  inputs: ["x"],
  value: ({ x }) => toBfloat16(x),
  dtype: "float32",
});

const squares = { ...sumOfSquares, dtype: "float32" } as const;

const normalized = defineFormula({
  name: "normalized",
  inputs: ["x", "squares"],
  scalars: ["eps"],
  value: ({ x, squares }, { eps }) => toBfloat16(div(x, max(toBfloat16(sqrt(squares)), toBfloat16(eps)))),
  dtype: "float32",
});

const combination = defineFormula({
  name: "combination",
  inputs: ["x", "product"],
  scalars: ["ofX", "ofProduct"],
  value: ({ x, product }, { ofX, ofProduct }) => toBfloat16(add(mul(ofX, x), mul(ofProduct, product))),
  dtype: "float32",
});

export interface NewtonSchulzOptions {
  /** `a`, `b` and `c` of each iteration `X ← aX + (bA + cA²)X`, where `A = XXᵀ`. */
  readonly coefficients: readonly [a: number, b: number, c: number];
  /** How many iterations. */
  readonly steps: number;
  /** The least that the norm counts for, by which the matrix is divided first. */
  readonly eps: number;
}

/**
 * The matrix of the same singular vectors whose singular values are all about 1, by a Newton-Schulz iteration of degree five.
 *
 * Computed as PyTorch does, in bfloat16 with products gathered in float32: each step is rounded just where PyTorch rounds.
 *
 * @param shape - of `matrix`
 * @returns float32
 * @see {@link https://kellerjordan.github.io/posts/muon/ | Muon, Jordan 2024}
 */
export function orthogonalized<T>(
  operations: Operations<T>,
  matrix: T,
  [rows = 1, columns = 1]: readonly number[],
  { coefficients: [a, b, c], steps, eps }: NewtonSchulzOptions,
): T {
  // The smaller of the two squares is iterated on; it is symmetric, so a tall matrix need not be turned.
  const isTall = rows > columns;
  let x = operations.compute(rounded, [matrix]);
  x = operations.compute(normalized, [x, operations.compute(squares, [x])], [eps]);
  for (let k = 0; k < steps; k++) {
    const square = operations.compute(rounded, [operations.matmul(x, x, isTall ? { a: true } : { b: true })]);
    const polynomial = operations.compute(combination, [square, operations.matmul(square, square)], [b, c]);
    const product = isTall ? operations.matmul(x, polynomial) : operations.matmul(polynomial, x);
    x = operations.compute(combination, [x, product], [a, 1]);
  }
  return x;
}
