import type { Expr } from "../expr.ts";
import { and, bitcast, i32, or } from "../expr.ts";

/** `magnitude` (whose sign bit must be clear, or which is NaN) with the sign of `sign`. */
export const copySign = (magnitude: Expr, sign: Expr): Expr =>
  bitcast(or(bitcast(magnitude, "i32"), signBit(sign)), "f32");

/** The sign bit alone, as an i32. */
export const signBit = (x: Expr): Expr => and(bitcast(x, "i32"), i32(-0x80000000));
