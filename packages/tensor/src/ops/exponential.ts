import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/**
 * `e^x`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.exp.html | torch.exp}
 * @example
 * tensor([0, 1]).exp().arraySync(); // => [1, 2.7182817459106445]
 */
export const exp: (x: Tensor) => Tensor = unary({
  name: "exp",
  build: expr.exp,
  result: "float",
  cost: 10,
  saves: "output",
  backward: (grad, y) => grad.mul(y),
});

/** `2^x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.exp2.html | torch.exp2} */
export const exp2: (x: Tensor) => Tensor = unary({
  name: "exp2",
  build: (x) => expr.binary("pow", expr.constant(x.type, 2), x),
  result: "float",
  cost: 25,
  saves: "output",
  backward: (grad, y) => grad.mul(y).mul(Math.LN2),
});

/** `e^x - 1`, exact near 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.expm1.html | torch.expm1} */
export const expm1: (x: Tensor) => Tensor = unary({
  name: "expm1",
  build: (x) => expr.unary("expm1", x),
  result: "float",
  cost: 12,
  saves: "output",
  backward: (grad, y) => grad.mul(y.add(1)),
});

/** In place: {@link exp}. */
export const exp_: (x: Tensor) => Tensor = inPlace("exp_", exp);
/** In place: {@link exp2}. */
export const exp2_: (x: Tensor) => Tensor = inPlace("exp2_", exp2);
/** In place: {@link expm1}. */
export const expm1_: (x: Tensor) => Tensor = inPlace("expm1_", expm1);
