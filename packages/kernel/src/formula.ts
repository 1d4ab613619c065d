import type { Expr } from "./expr.ts";
import { inType } from "./rule.ts";

/** How the values of a formula are combined. */
export interface FormulaReduction {
  readonly op: "sum" | "mean" | "max";
  /** Over everything, which leaves a scalar, or along dimensions counted from the last (-1), which stay with size 1. */
  readonly dims: "all" | readonly number[];
}

/**
 * One new array computed from others: `value` at every element of the shape that the inputs broadcast to, and then perhaps combined over
 * dimensions. Written in f32 and computed in the precision of the parameter at hand, as a {@link Rule} is.
 *
 * `load(i)` is the input `inputs[i]`; `arg(i)` is the scalar `scalars[i]`. A formula is made once, so that a host may keep what it compiled
 * under the formula itself.
 */
export interface Formula {
  readonly name: string;
  readonly inputs: readonly string[];
  /** The runtime scalars: a new value never recompiles. */
  readonly scalars: readonly string[];
  readonly value: Expr;
  readonly reduce?: FormulaReduction;
  /** What it is computed in and gives, whatever the parameter is. */
  readonly dtype?: "float32";
}

/** The value of a formula in `type`, from expressions of that type for its inputs and scalars. */
export function formulaValue(
  { value }: Formula,
  type: "f32" | "f64",
  inputs: readonly Expr[],
  scalars: readonly Expr[],
): Expr {
  return inType(value, type, new Map(), (leaf) => {
    if (leaf.op === "load") return inputs[leaf.value];
    return leaf.op === "arg" ? scalars[leaf.value] : undefined;
  });
}
