import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/**
 * `ln x`: -Infinity at 0, NaN below.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.log.html | torch.log}
 * @example
 * tensor([1, Math.E]).log().arraySync(); // => [0, 1]
 */
export const log: (x: Tensor) => Tensor = unary({
  name: "log",
  build: expr.log,
  result: "float",
  cost: 10,
  backward: (grad, x) => grad.div(x),
});

/** Rounding ln x / ln base would make log10(1000) a little less than 3: where the base's whole power is x, it is the answer. */
function logarithm(x: Expr, base: 2 | 10): Expr {
  const near = expr.mul(expr.log(x), expr.constant(x.type, base === 2 ? Math.LOG2E : Math.LOG10E));
  const whole = expr.round(near);
  const exact = expr.eq(expr.binary("pow", expr.constant(x.type, base), whole), x);
  // No tenth has finitely many binary digits, and 1e-45 is not even near 10^-45.
  const representable = base === 2 ? exact : expr.and(exact, expr.ge(whole, expr.constant(x.type, 0)));
  return expr.select(representable, whole, near);
}

/** `log₂ x`, exact for powers of 2. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.log2.html | torch.log2} */
export const log2: (x: Tensor) => Tensor = unary({
  name: "log2",
  build: (x) => logarithm(x, 2),
  result: "float",
  cost: 35,
  backward: (grad, x) => grad.div(x.mul(Math.LN2)),
});

/** `log₁₀ x`, exact for powers of 10. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.log10.html | torch.log10} */
export const log10: (x: Tensor) => Tensor = unary({
  name: "log10",
  build: (x) => logarithm(x, 10),
  result: "float",
  cost: 35,
  backward: (grad, x) => grad.div(x.mul(Math.LN10)),
});

/** `ln(1 + x)`, exact near 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.log1p.html | torch.log1p} */
export const log1p: (x: Tensor) => Tensor = unary({
  name: "log1p",
  build: (x) => expr.unary("log1p", x),
  result: "float",
  cost: 12,
  backward: (grad, x) => grad.div(x.add(1)),
});

/** In place: {@link log}. */
export const log_: (x: Tensor) => Tensor = inPlace("log_", log);
/** In place: {@link log2}. */
export const log2_: (x: Tensor) => Tensor = inPlace("log2_", log2);
/** In place: {@link log10}. */
export const log10_: (x: Tensor) => Tensor = inPlace("log10_", log10);
/** In place: {@link log1p}. */
export const log1p_: (x: Tensor) => Tensor = inPlace("log1p_", log1p);
