import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** The squares would overflow above 1.8e19 and vanish below 1e-23, so divide by the longer side first. */
function distance(a: Expr, b: Expr): Expr {
  const [x, y] = [expr.abs(a), expr.abs(b)];
  const longer = expr.max(x, y);
  const ratio = expr.div(expr.min(x, y), longer);
  const one = expr.constant(a.type, 1);
  const length = expr.mul(longer, expr.sqrt(expr.add(one, expr.mul(ratio, ratio))));
  const infinity = expr.constant(a.type, Infinity);
  const infinite = expr.or(expr.eq(x, infinity), expr.eq(y, infinity));
  const zero = expr.constant(a.type, 0);
  return expr.select(infinite, infinity, expr.select(expr.eq(longer, zero), zero, length));
}

/**
 * `√(a² + b²)`, without overflow on the way.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.hypot.html | torch.hypot}
 * @example
 * tensor([3, 5]).hypot(tensor([4, 12])).arraySync(); // => [5, 13]
 */
export const hypot: (a: Tensor, b: Operand) => Tensor = binary({
  name: "hypot",
  takes: "floats",
  build: distance,
  cost: 15,
  gradA: (grad, a, b) => grad.mul(a.div(a.hypot(b))),
  gradB: (grad, a, b) => grad.mul(b.div(a.hypot(b))),
});

/** In place: {@link hypot}. */
export const hypot_: (x: Tensor, b: Operand) => Tensor = inPlace("hypot_", hypot);
