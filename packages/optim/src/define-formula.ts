import { type Expr, expr, type Formula } from "@anneal/kernel";

/** A formula before its inputs and scalars have numbers. */
export interface FormulaDefinition<Input extends string, Scalar extends string>
  extends Pick<Formula, "reduce" | "dtype"> {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly scalars?: readonly Scalar[];
  value(inputs: Readonly<Record<Input, Expr>>, scalars: Readonly<Record<Scalar, Expr>>): Expr;
}

/**
 * A formula over named inputs and scalars, for `Operations.compute`. Make it once: hosts keep what they compile under the formula.
 *
 * @example
 * import { expr } from "@anneal/kernel";
 *
 * const sumOfSquares = defineFormula({
 *   name: "sumOfSquares",
 *   inputs: ["x"],
 *   value: ({ x }) => expr.mul(x, x),
 *   reduce: { op: "sum", dims: "all" },
 * });
 * const { operations } = arrayParameter(Float32Array.of(3, 4));
 * operations.read(operations.compute(sumOfSquares, [operations.value])); // => 25
 */
export function defineFormula<Input extends string, Scalar extends string = never>(
  definition: FormulaDefinition<Input, Scalar>,
): Formula {
  const { name, inputs, scalars = [], reduce, dtype } = definition;
  const loads = Object.fromEntries(inputs.map((input, index) => [input, expr.load(index)])) as Record<Input, Expr>;
  const args = Object.fromEntries(scalars.map((scalar, index) => [scalar, expr.arg(index)])) as Record<Scalar, Expr>;
  const value = definition.value(loads, args);
  return { name, inputs, scalars, value, ...(reduce && { reduce }), ...(dtype && { dtype }) };
}
