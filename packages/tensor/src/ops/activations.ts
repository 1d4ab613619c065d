import { type Expr, expr } from "@anneal/kernel";
import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape, normalizeDim } from "../core/shape.ts";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { sigmoidOf } from "./sigmoid.ts";
import { where } from "./where.ts";

const zeroOf = (x: Expr): Expr => expr.constant(x.type, 0);

/** The gradient where the output is above 0. One op, as every network has it everywhere. */
const passPositive: (grad: Tensor, y: Operand) => Tensor = binary({
  name: "passPositive",
  build: (grad, y) => expr.select(expr.gt(y, zeroOf(y)), grad, zeroOf(grad)),
  gradA: (grad, _, y) => passPositive(grad, y),
  gradB: () => null,
});

/**
 * `max(x, 0)`; the gradient at 0 is 0.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html | torch.nn.functional.relu}
 * @example
 * tensor([-1, 0, 2]).relu().arraySync(); // => [0, 0, 2]
 */
export const relu: (x: Tensor) => Tensor = unary({
  name: "relu",
  takes: "numbers",
  build: (x) => expr.max(x, zeroOf(x)),
  saves: "output",
  backward: (grad, y) => passPositive(grad, y),
});

const leaky = unary({
  name: "leakyRelu",
  takes: "floats",
  parameters: 1,
  build: (x, [slope]) => expr.select(expr.gt(x, zeroOf(x)), x, expr.mul(x, slope as Expr)),
  cost: 2,
  backward: (grad, x, [slope]) => where(x.gt(0), grad, grad.mul(slope as number)),
});

/** `x` above 0, `negativeSlope x` below. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html | torch.nn.functional.leaky_relu} */
export const leakyRelu = (
  x: Tensor,
  {
    negativeSlope = 0.01,
  }: {
    /** @defaultValue 0.01 */
    readonly negativeSlope?: number;
  } = {},
): Tensor => leaky(x, negativeSlope);

const betweenLimits = unary({
  name: "hardtanh",
  takes: "floats",
  parameters: 2,
  build: (x, [low, high]) => expr.min(expr.max(x, low as Expr), high as Expr),
  cost: 2,
  // On the limits themselves no gradient passes, unlike clamp's.
  backward: (grad, x, [low, high]) => where(x.le(low as number).logicalOr(x.ge(high as number)), 0, grad),
});

/** `x` between `minVal` and `maxVal`, the nearer of them outside. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html | torch.nn.functional.hardtanh} */
export function hardtanh(
  x: Tensor,
  {
    minVal = -1,
    maxVal = 1,
  }: {
    /** @defaultValue -1 */
    readonly minVal?: number;
    /** @defaultValue 1 */
    readonly maxVal?: number;
  } = {},
): Tensor {
  if (minVal > maxVal)
    throw new OptionError("hardtanh", `minVal ${minVal} is above maxVal ${maxVal}`, "Exchange them.");
  return betweenLimits(x, minVal, maxVal);
}

/** `min(max(x, 0), 6)`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html | torch.nn.functional.relu6} */
export const relu6 = (x: Tensor): Tensor => betweenLimits(x, 0, 6);

/** 0 below -3, 1 above 3, `x / 6 + 1 / 2` between. */
function hardGate(x: Expr): Expr {
  const of = (value: number): Expr => expr.constant(x.type, value);
  return expr.div(expr.min(expr.max(expr.add(x, of(3)), of(0)), of(6)), of(6));
}

/** A {@link sigmoid} of straight lines: 0 below -3, 1 above 3. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html | torch.nn.functional.hardsigmoid} */
export const hardsigmoid: (x: Tensor) => Tensor = unary({
  name: "hardsigmoid",
  takes: "floats",
  build: hardGate,
  cost: 8,
  backward: (grad, x) => where(x.abs().lt(3), grad.div(6), 0),
});

/** `x` times {@link hardsigmoid} of it. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html | torch.nn.functional.hardswish} */
export const hardswish: (x: Tensor) => Tensor = unary({
  name: "hardswish",
  takes: "floats",
  build: (x) => expr.mul(x, hardGate(x)),
  cost: 8,
  backward: (grad, x) => where(x.le(-3), 0, where(x.lt(3), grad.mul(x.div(3).add(0.5)), grad)),
});

/**
 * `x sigmoid(x)`, also called swish.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.silu.html | torch.nn.functional.silu}
 * @see {@link https://arxiv.org/abs/1606.08415 | Hendrycks & Gimpel 2016}
 */
export const silu: (x: Tensor) => Tensor = unary({
  name: "silu",
  takes: "floats",
  build: (x) => expr.mul(x, sigmoidOf(x)),
  cost: 16,
  backward: (grad, x) => {
    const gate = x.sigmoid();
    return grad.mul(gate.mul(x.mul(gate.neg().add(1)).add(1)));
  },
});

/**
 * `x tanh(softplus(x))`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mish.html | torch.nn.functional.mish}
 * @see {@link https://arxiv.org/abs/1908.08681 | Mish, Misra 2019}
 */
export const mish: (x: Tensor) => Tensor = unary({
  name: "mish",
  takes: "floats",
  build: (x) => expr.mul(x, tanhOfSoftplus(x)),
  cost: 18,
  backward: (grad, x) => {
    const tanh = x.softplus().tanh();
    return grad.mul(tanh.add(x.mul(x.sigmoid()).mul(tanh.square().neg().add(1))));
  },
});

/** tanh(ln(1 + e)) = e (e + 2) / (e (e + 2) + 2) for e = e^x; above 20 it is 1, below nothing overflows. */
function tanhOfSoftplus(x: Expr): Expr {
  const of = (value: number): Expr => expr.constant(x.type, value);
  const e = expr.exp(expr.min(x, of(20)));
  const product = expr.mul(e, expr.add(e, of(2)));
  return expr.div(product, expr.add(product, of(2)));
}

/** `x / (1 + |x|)`, from -1 to 1. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html | torch.nn.functional.softsign} */
export const softsign: (x: Tensor) => Tensor = unary({
  name: "softsign",
  takes: "floats",
  build: (x) => expr.div(x, expr.add(expr.constant(x.type, 1), expr.abs(x))),
  cost: 6,
  backward: (grad, x) => grad.div(x.abs().add(1).square()),
});

const above = unary({
  name: "threshold",
  takes: "numbers",
  parameters: 2,
  build: (x, [limit, value]) => expr.select(expr.le(x, limit as Expr), value as Expr, x),
  backward: (grad, x, [limit]) => where(x.le(limit as number), 0, grad),
});

/** `x` above `limit`, `value` elsewhere. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.threshold.html | torch.nn.functional.threshold} */
export const threshold = (x: Tensor, limit: number, value: number): Tensor => above(x, limit, value);

/**
 * The gated linear unit: the first half along `dim` times the {@link sigmoid} of the second.
 *
 * @throws {ShapeError} if the size of `dim` is odd
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.glu.html | torch.nn.functional.glu}
 * @example
 * tensor([2, 4, 0, 0]).glu().arraySync(); // => [1, 2]
 */
export function glu(x: Tensor, dim = -1): Tensor {
  const d = normalizeDim("glu", dim, x.ndim);
  const size = x.shape[d] ?? 1;
  if (size % 2 === 1) {
    throw new ShapeError(
      "glu",
      `${formatShape(x.shape)} has ${size} elements along dim ${dim}, which has no halves`,
      "Give a dimension of even size.",
    );
  }
  return x.narrow(d, 0, size / 2).mul(x.narrow(d, size / 2, size / 2).sigmoid());
}

/** In place: {@link relu}. */
export const relu_: (x: Tensor) => Tensor = inPlace("relu_", relu);
/** In place: {@link leakyRelu}. */
export const leakyRelu_: (x: Tensor, options?: { readonly negativeSlope?: number }) => Tensor = inPlace(
  "leakyRelu_",
  leakyRelu,
);
/** In place: {@link hardtanh}. */
export const hardtanh_: (x: Tensor, options?: { readonly minVal?: number; readonly maxVal?: number }) => Tensor =
  inPlace("hardtanh_", hardtanh);
