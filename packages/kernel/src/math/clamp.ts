import type { Expr } from "../expr.ts";
import { lt, select } from "../expr.ts";

/** `bound < x ? bound : x`: NaN passes through. One instruction where `min` with IEEE's rules takes several. */
export const atMost = (x: Expr, bound: Expr): Expr => select(lt(bound, x), bound, x);

/** `x < bound ? bound : x`: NaN passes through. */
export const atLeast = (x: Expr, bound: Expr): Expr => select(lt(x, bound), bound, x);
