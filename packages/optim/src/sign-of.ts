import { type Expr, expr } from "@anneal/kernel";

const { f32, gt, lt, select } = expr;

/** 1, -1, or `x` itself where it is 0 or not a number. */
export const signOf = (x: Expr): Expr => select(gt(x, f32(0)), f32(1), select(lt(x, f32(0)), f32(-1), x));
