import type { Expr } from "../expr.ts";
import { and, bitcast, i32, lt, or } from "../expr.ts";

/** The sign bit alone, as an i32. */
export const signBit = (x: Expr): Expr => and(bitcast(x, "i32"), i32(-0x80000000));

/** `magnitude`, whose sign bit must be clear unless it is NaN, with the sign of `sign`. */
export const copySign = (magnitude: Expr, sign: Expr): Expr =>
  bitcast(or(bitcast(magnitude, "i32"), signBit(sign)), "f32");

/** Whether the sign bit is set: true of -0 too. */
export const isNegative = (x: Expr): Expr => lt(bitcast(x, "i32"), i32(0));
