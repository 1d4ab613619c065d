import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** Where e^-x overflows, its reciprocal is the 0 it should be. */
export function sigmoidOf(x: Expr): Expr {
  const one = expr.constant(x.type, 1);
  return expr.div(one, expr.add(one, expr.exp(expr.neg(x))));
}

/**
 * The logistic function `1 / (1 + e^-x)`, from 0 to 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html | torch.sigmoid}
 * @example
 * tensor([-Infinity, 0, Infinity]).sigmoid().arraySync(); // => [0, 0.5, 1]
 */
export const sigmoid: (x: Tensor) => Tensor = unary({
  name: "sigmoid",
  build: sigmoidOf,
  result: "float",
  cost: 15,
  saves: "output",
  backward: (grad, y) => grad.mul(y.mul(y.neg().add(1))),
});

/** In place: {@link sigmoid}. */
export const sigmoid_: (x: Tensor) => Tensor = inPlace("sigmoid_", sigmoid);

/**
 * `ln(1 / (1 + e^-x))`, without overflow.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html | torch.nn.functional.logsigmoid}
 * @example
 * tensor([-1000]).logSigmoid().arraySync(); // => [-1000]
 */
export const logSigmoid: (x: Tensor) => Tensor = unary({
  name: "logSigmoid",
  takes: "floats",
  // The exponent is never positive. The composed gradient would be 0 at 0, where min and abs have their corners.
  build: (x) => expr.sub(expr.min(x, expr.constant(x.type, 0)), expr.unary("log1p", expr.exp(expr.neg(expr.abs(x))))),
  cost: 25,
  backward: (grad, x) => grad.mul(x.neg().sigmoid()),
});
