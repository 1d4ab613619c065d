import { type Expr, expr } from "@anneal/kernel";

const { add, f32, mul, sub } = expr;

/**
 * `from + weight * (to - from)`, as PyTorch's `lerp_` computes it.
 *
 * @param isNearEnd - whether `weight` is 0.5 or more: it then starts at `to`, so that a weight of 1 gives `to` exactly
 */
export function lerp(from: Expr, to: Expr, weight: Expr, isNearEnd: boolean): Expr {
  const way = sub(to, from);
  return isNearEnd ? sub(to, mul(way, sub(f32(1), weight))) : add(from, mul(weight, way));
}
