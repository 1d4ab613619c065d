import { type Expr, expr } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { sigmoidOf } from "./sigmoid.ts";

const exact: (x: Tensor) => Tensor = unary({
  name: "gelu",
  takes: "floats",
  build: (x) => {
    const erf = expr.unary("erf", expr.mul(x, expr.constant(x.type, Math.SQRT1_2)));
    return expr.mul(expr.mul(x, expr.constant(x.type, 0.5)), expr.add(erf, expr.constant(x.type, 1)));
  },
  cost: 25,
  // Φ(x) + x φ(x)
  backward: (grad, x) => {
    const area = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
    const density = x
      .square()
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI));
    return grad.mul(area.add(x.mul(density)));
  },
});

const SLOPE = Math.sqrt(8 / Math.PI);
const CUBIC = 0.044715;

/** (1 + tanh u) / 2 is the sigmoid of 2u, which keeps its digits where tanh is near -1. */
const byTanh: (x: Tensor) => Tensor = unary({
  name: "gelu_tanh",
  takes: "floats",
  build: (x) => {
    const of = (value: number): Expr => expr.constant(x.type, value);
    const bend = expr.add(of(1), expr.mul(of(CUBIC), expr.mul(x, x)));
    return expr.mul(x, sigmoidOf(expr.mul(expr.mul(x, of(SLOPE)), bend)));
  },
  cost: 25,
  backward: (grad, x) => {
    const square = x.square();
    const gate = x.mul(SLOPE).mul(square.mul(CUBIC).add(1)).sigmoid();
    const slope = square
      .mul(3 * CUBIC)
      .add(1)
      .mul(SLOPE);
    // x σ(1 - σ) is 0 in the tails, where the slope may be infinite.
    return grad.mul(gate.add(x.mul(gate).mul(gate.neg().add(1)).mul(slope)));
  },
});

/**
 * `x Φ(x)` with the normal distribution's Φ; with `approximate: "tanh"`, `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html | torch.nn.functional.gelu}
 * @see {@link https://arxiv.org/abs/1606.08415 | GELU, Hendrycks & Gimpel 2016}
 * @example
 * tensor([-1, 0, 1]).gelu().arraySync(); // => [-0.15865525603294373, 0, 0.8413447141647339]
 */
export function gelu(
  x: Tensor,
  {
    approximate = "none",
  }: {
    /** @defaultValue "none" */
    readonly approximate?: "none" | "tanh";
  } = {},
): Tensor {
  switch (approximate) {
    case "none":
      return exact(x);
    case "tanh":
      return byTanh(x);
    default:
      throw new OptionError(
        "gelu",
        `approximate is "${String(approximate satisfies never)}"`,
        'Give "none" or "tanh".',
      );
  }
}
