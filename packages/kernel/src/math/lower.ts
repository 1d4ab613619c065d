import type { Expr } from "../expr.ts";
import { expF32, expm1F32 } from "./exp.ts";
import { logF32 } from "./log.ts";
import { tanhF32 } from "./tanh.ts";

const float32Unary: Readonly<Partial<Record<Expr["op"], (x: Expr) => Expr>>> = {
  exp: expF32,
  expm1: expm1F32,
  log: logF32,
  tanh: tanhF32,
};

/**
 * The expression with every float32 transcendental replaced by ops each target computes exactly, so that all targets agree to the ulp
 * stated with each function. Shared nodes stay shared. Float64 transcendentals stay: targets that have float64 call the host's `Math`.
 *
 * @param seen - what was lowered already; pass one map for all expressions of a kernel, so that they share what they shared before
 * @example
 * lowerTranscendentals(exp(load(0))); // multiply-adds, a rounding and a shift
 */
export function lowerTranscendentals(expr: Expr, seen: Map<Expr, Expr> = new Map()): Expr {
  const known = seen.get(expr);
  if (known) return known;
  const lowered = lowerNode(
    expr,
    expr.args.map((a) => lowerTranscendentals(a, seen)),
  );
  seen.set(expr, lowered);
  return lowered;
}

function lowerNode(expr: Expr, args: readonly Expr[]): Expr {
  if (expr.type === "f32" && args.length === 1) {
    const lower = float32Unary[expr.op];
    if (lower) return lower(args[0] as Expr);
  }
  return args.every((a, i) => a === expr.args[i]) ? expr : { ...expr, args };
}
