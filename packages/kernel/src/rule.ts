import { distinctNodes } from "./distinct-nodes.ts";
import { type ScalarType, scalarOf } from "./dtype.ts";
import type { Expr } from "./expr.ts";
import type { Kernel } from "./kernel.ts";

/** One slot that a rule writes, and the value it gets. */
export interface RuleUpdate {
  /** 0 the parameter, 1 its gradient, 2 and up the state slots. */
  readonly slot: number;
  readonly value: Expr;
}

/**
 * An update rule of an optimizer: what happens to every element of a parameter in one step, written in f32 over numbered slots.
 *
 * `load(0)` is the parameter, `load(1)` its gradient, `load(2 + i)` the state slot `state[i]`; `arg(i)` is the scalar `scalars[i]`. Every
 * value is computed from what the slots held before the step. A rule is made once for an optimizer and its flags, so that a host may keep
 * what it compiled under the rule itself.
 */
export interface Rule {
  readonly name: string;
  /** The state slots, by the names that state dicts use. */
  readonly state: readonly string[];
  /** The runtime scalars: a new value never recompiles. */
  readonly scalars: readonly string[];
  readonly updates: readonly RuleUpdate[];
}

/** Does the rule read or write the gradient? One that does not can run where there is none. */
export const usesGradient = ({ updates }: Rule): boolean =>
  updates.some(({ slot }) => slot === 1) ||
  distinctNodes(updates.map(({ value }) => value)).nodes.some(({ expr }) => expr.op === "load" && expr.value === 1);

/**
 * The rule as one pass over parameters stored as `dtype`: inputs are the slots in order, outputs the updates in order, arguments the
 * scalars. Outputs may be the inputs themselves.
 */
export function ruleKernel({ state, scalars, updates }: Rule, dtype: "float16" | "float32" | "float64"): Kernel {
  const type = scalarOf[dtype];
  const known = new Map<Expr, Expr>();
  return {
    rank: 1,
    inputs: Array.from({ length: 2 + state.length }, () => ({ dtype, layout: "contiguous", bounds: 0 })),
    outputs: updates.map(({ value }) => ({ dtype, layout: "contiguous", expr: inType(value, type, known) })),
    args: scalars.map(() => type),
  };
}

/** The same computation with `type` in place of f32, and other expressions in place of some leaves. Shared nodes stay shared. */
export function inType(
  expr: Expr,
  type: ScalarType,
  known: Map<Expr, Expr>,
  inPlaceOf: (leaf: Expr) => Expr | undefined = () => undefined,
): Expr {
  const seen = known.get(expr);
  if (seen) return seen;
  const args = expr.args.map((each) => inType(each, type, known, inPlaceOf));
  const copy = inPlaceOf(expr) ?? { ...expr, args, type: expr.type === "f32" ? type : expr.type };
  known.set(expr, copy);
  return copy;
}
