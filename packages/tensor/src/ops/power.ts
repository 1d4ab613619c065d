import { expr } from "@anneal/kernel";
import { isFloating } from "../core/dtypes.ts";
import { OptionError } from "../core/errors.ts";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { where } from "./where.ts";

/** `√x`; NaN below 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sqrt.html | torch.sqrt} */
export const sqrt: (x: Tensor) => Tensor = unary({
  name: "sqrt",
  build: expr.sqrt,
  result: "float",
  cost: 5,
  saves: "output",
  backward: (grad, y) => grad.div(y.mul(2)),
});

/** `1 / √x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.rsqrt.html | torch.rsqrt} */
export const rsqrt: (x: Tensor) => Tensor = unary({
  name: "rsqrt",
  build: (x) => expr.div(expr.constant(x.type, 1), expr.sqrt(x)),
  result: "float",
  cost: 8,
  saves: "output",
  backward: (grad, y) => grad.mul(y.square().mul(y).mul(-0.5)),
});

/** `x²`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.square.html | torch.square} */
export const square: (x: Tensor) => Tensor = unary({
  name: "square",
  takes: "numbers",
  build: (x) => expr.mul(x, x),
  backward: (grad, x) => grad.mul(x).mul(2),
});

/** `1 / x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.reciprocal.html | torch.reciprocal} */
export const reciprocal: (x: Tensor) => Tensor = unary({
  name: "reciprocal",
  build: (x) => expr.div(expr.constant(x.type, 1), x),
  result: "float",
  cost: 4,
  saves: "output",
  backward: (grad, y) => grad.mul(y.square()).neg(),
});

const cube: (x: Tensor) => Tensor = unary({
  name: "cube",
  takes: "numbers",
  build: (x) => expr.mul(expr.mul(x, x), x),
  backward: (grad, x) => grad.mul(x.square()).mul(3),
});

const power: (a: Tensor, b: Operand) => Tensor = binary({
  name: "pow",
  takes: "numbers",
  build: (a, b) => expr.binary("pow", a, b),
  cost: 25,
  gradA: (grad, a, b) => {
    if (typeof b === "number") return b === 0 ? grad.mul(0) : grad.mul(a.pow(b - 1)).mul(b);
    // 0 · a^-1 is 0 here, also for a = 0.
    return where(b.eq(0), 0, grad.mul(a.pow(b.sub(1)).mul(b)));
  },
  // Near a = 0 the power falls faster than the logarithm grows.
  gradB: (grad, a, b) => grad.mul(where(a.eq(0).logicalAnd(b.ge(0)), 0, a.pow(b).mul(a.log()))),
});

/**
 * `a^b`, in the promoted dtype (integers wrap). NaN for a negative `a` unless `b` is whole; 1 wherever `b` is 0 or `a` is 1.
 *
 * @throws {OptionError} for integers to a negative power
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.pow.html | torch.pow}
 * @example
 * tensor([1, 2, 3]).pow(2).arraySync(); // => [1, 4, 9]
 */
export function pow(a: Tensor, b: Operand): Tensor {
  // What costs a multiplication or a division should not cost a logarithm.
  switch (b) {
    case 2:
      return a.dtype === "bool" ? power(a, b) : square(a);
    case 3:
      return a.dtype === "bool" ? power(a, b) : cube(a);
    case 0.5:
      return sqrt(a);
    case -0.5:
      return rsqrt(a);
    default:
      if (typeof b === "number" && b < 0 && Number.isInteger(b) && !isFloating(a.dtype)) {
        throw new OptionError("pow", `integers to the power ${b} are fractions`, 'Cast first: x.to("float32").');
      }
      return power(a, b);
  }
}

/** In place: {@link sqrt}. */
export const sqrt_: (x: Tensor) => Tensor = inPlace("sqrt_", sqrt);
/** In place: {@link rsqrt}. */
export const rsqrt_: (x: Tensor) => Tensor = inPlace("rsqrt_", rsqrt);
/** In place: {@link square}. */
export const square_: (x: Tensor) => Tensor = inPlace("square_", square);
/** In place: {@link reciprocal}. */
export const reciprocal_: (x: Tensor) => Tensor = inPlace("reciprocal_", reciprocal);
/** In place: {@link pow}. */
export const pow_: (x: Tensor, b: Operand) => Tensor = inPlace("pow_", pow);
