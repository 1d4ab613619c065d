import { type Expr, expr } from "@anneal/kernel";
import { zerosLike } from "../creation/like.ts";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** NaN is on neither side. */
function signOf(x: Expr): Expr {
  const zero = expr.constant(x.type, 0);
  const negative = expr.select(expr.lt(x, zero), expr.constant(x.type, -1), zero);
  return expr.select(expr.gt(x, zero), expr.constant(x.type, 1), negative);
}

/**
 * -1, 0 or 1; 0 for NaN, as PyTorch has it. The gradient is 0.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sign.html | torch.sign}
 * @example
 * tensor([-3, 0, 5]).sign().arraySync(); // => [-1, 0, 1]
 */
export const sign: (x: Tensor) => Tensor = unary({
  name: "sign",
  takes: "numbers",
  build: signOf,
  saves: "nothing",
  backward: (grad) => zerosLike(grad),
});

/** `|x|`; the gradient at 0 is 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.abs.html | torch.abs} */
export const abs: (x: Tensor) => Tensor = unary({
  name: "abs",
  takes: "numbers",
  build: expr.abs,
  backward: (grad, x) => grad.mul(x.sign()),
});

/** In place: {@link sign}. */
export const sign_: (x: Tensor) => Tensor = inPlace("sign_", sign);
/** In place: {@link abs}. */
export const abs_: (x: Tensor) => Tensor = inPlace("abs_", abs);
