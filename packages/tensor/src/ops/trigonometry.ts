import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** Sine of radians. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sin.html | torch.sin} */
export const sin: (x: Tensor) => Tensor = unary({
  name: "sin",
  build: (x) => expr.unary("sin", x),
  result: "float",
  cost: 20,
  backward: (grad, x) => grad.mul(x.cos()),
});

/** Cosine of radians. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.cos.html | torch.cos} */
export const cos: (x: Tensor) => Tensor = unary({
  name: "cos",
  build: (x) => expr.unary("cos", x),
  result: "float",
  cost: 20,
  backward: (grad, x) => grad.mul(x.sin()).neg(),
});

/** Tangent of radians. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.tan.html | torch.tan} */
export const tan: (x: Tensor) => Tensor = unary({
  name: "tan",
  build: (x) => expr.unary("tan", x),
  result: "float",
  cost: 30,
  saves: "output",
  backward: (grad, y) => grad.mul(y.square().add(1)),
});

/** The angle from -π/2 to π/2 with sine `x`, in radians; NaN outside [-1, 1]. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.asin.html | torch.asin} */
export const asin: (x: Tensor) => Tensor = unary({
  name: "asin",
  build: (x) => expr.unary("asin", x),
  result: "float",
  cost: 20,
  backward: (grad, x) => grad.mul(x.square().neg().add(1).rsqrt()),
});

/** The angle from 0 to π with cosine `x`, in radians; NaN outside [-1, 1]. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.acos.html | torch.acos} */
export const acos: (x: Tensor) => Tensor = unary({
  name: "acos",
  build: (x) => expr.unary("acos", x),
  result: "float",
  cost: 20,
  backward: (grad, x) => grad.mul(x.square().neg().add(1).rsqrt()).neg(),
});

/** The angle from -π/2 to π/2 with tangent `x`, in radians. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.atan.html | torch.atan} */
export const atan: (x: Tensor) => Tensor = unary({
  name: "atan",
  build: (x) => expr.unary("atan", x),
  result: "float",
  cost: 20,
  backward: (grad, x) => grad.div(x.square().add(1)),
});

/**
 * The angle of the point (x: `b`, y: `a`), from -π to π, in radians.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.atan2.html | torch.atan2}
 * @example
 * tensor([1, -1]).atan2(tensor([-1, -1])).mul(4 / Math.PI).arraySync(); // => [3, -3]
 */
export const atan2: (a: Tensor, b: Operand) => Tensor = binary({
  name: "atan2",
  build: (a, b) => expr.binary("atan2", a, b),
  result: "float",
  cost: 25,
  // Divided twice by the distance: its square would overflow or underflow.
  gradA: (grad, a, b) => {
    const distance = a.hypot(b);
    return grad.mul(distance.reciprocal().mul(b)).div(distance);
  },
  gradB: (grad, a, b) => {
    const distance = a.hypot(b);
    return grad.mul(a.div(distance)).div(distance).neg();
  },
});

/** In place: {@link sin}. */
export const sin_: (x: Tensor) => Tensor = inPlace("sin_", sin);
/** In place: {@link cos}. */
export const cos_: (x: Tensor) => Tensor = inPlace("cos_", cos);
/** In place: {@link tan}. */
export const tan_: (x: Tensor) => Tensor = inPlace("tan_", tan);
/** In place: {@link asin}. */
export const asin_: (x: Tensor) => Tensor = inPlace("asin_", asin);
/** In place: {@link acos}. */
export const acos_: (x: Tensor) => Tensor = inPlace("acos_", acos);
/** In place: {@link atan}. */
export const atan_: (x: Tensor) => Tensor = inPlace("atan_", atan);
/** In place: {@link atan2}. */
export const atan2_: (x: Tensor, b: Operand) => Tensor = inPlace("atan2_", atan2);
