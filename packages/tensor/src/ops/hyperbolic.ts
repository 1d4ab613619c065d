import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** `(e^x - e^-x) / 2`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sinh.html | torch.sinh} */
export const sinh: (x: Tensor) => Tensor = unary({
  name: "sinh",
  build: (x) => expr.unary("sinh", x),
  result: "float",
  cost: 15,
  backward: (grad, x) => grad.mul(x.cosh()),
});

/** `(e^x + e^-x) / 2`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.cosh.html | torch.cosh} */
export const cosh: (x: Tensor) => Tensor = unary({
  name: "cosh",
  build: (x) => expr.unary("cosh", x),
  result: "float",
  cost: 15,
  backward: (grad, x) => grad.mul(x.sinh()),
});

/**
 * `sinh x / cosh x`, from -1 to 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.tanh.html | torch.tanh}
 * @example
 * tensor([-Infinity, 0, Infinity]).tanh().arraySync(); // => [-1, 0, 1]
 */
export const tanh: (x: Tensor) => Tensor = unary({
  name: "tanh",
  build: (x) => expr.unary("tanh", x),
  result: "float",
  cost: 15,
  saves: "output",
  backward: (grad, y) => grad.mul(y.square().neg().add(1)),
});

/** In place: {@link sinh}. */
export const sinh_: (x: Tensor) => Tensor = inPlace("sinh_", sinh);
/** In place: {@link cosh}. */
export const cosh_: (x: Tensor) => Tensor = inPlace("cosh_", cosh);
/** In place: {@link tanh}. */
export const tanh_: (x: Tensor) => Tensor = inPlace("tanh_", tanh);
