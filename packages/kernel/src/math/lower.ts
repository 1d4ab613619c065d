import type { Expr, TranscendentalOp } from "../expr.ts";
import { acosF32, asinF32 } from "./arcsine.ts";
import { atan2F32, atanF32 } from "./arctangent.ts";
import { erfF32, erfF64 } from "./erf.ts";
import { expF32, expm1F32 } from "./exp.ts";
import { coshF32, sinhF32 } from "./hyperbolic.ts";
import { log1pF32, logF32 } from "./log.ts";
import { powF32 } from "./pow.ts";
import { cosF32, sinF32, tanF32 } from "./sine.ts";
import { tanhF32 } from "./tanh.ts";

const float32Unary = {
  exp: expF32,
  expm1: expm1F32,
  log: logF32,
  log1p: log1pF32,
  sin: sinF32,
  cos: cosF32,
  tan: tanF32,
  asin: asinF32,
  acos: acosF32,
  atan: atanF32,
  tanh: tanhF32,
  sinh: sinhF32,
  cosh: coshF32,
  erf: erfF32,
} satisfies Record<TranscendentalOp, (x: Expr) => Expr>;

/**
 * The expression with every float32 transcendental replaced by ops each target computes exactly, so that all targets agree to the ulp
 * stated with each function. Shared nodes stay shared. Float64 ones stay, for the host's `Math`, but `erf`, which becomes an expression
 * over `exp`.
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
  if (expr.type === "f32") {
    const [a, b] = args as readonly [Expr, Expr];
    if (expr.op in float32Unary) return float32Unary[expr.op as TranscendentalOp](a);
    if (expr.op === "pow") return powF32(a, b);
    if (expr.op === "atan2") return atan2F32(a, b);
  }
  if (expr.type === "f64" && expr.op === "erf") return erfF64(args[0] as Expr);
  return args.every((a, i) => a === expr.args[i]) ? expr : { ...expr, args };
}
