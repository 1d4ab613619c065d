import { type Expr, expr } from "@anneal/kernel";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

const isFloatExpr = (x: Expr): boolean => x.type === "f32" || x.type === "f64";

/** True of no integer and no bool. */
const never = (x: Expr): Expr => expr.ne(x, x);
const infinityOf = (x: Expr): Expr => expr.constant(x.type, Infinity);

/** Which elements are NaN, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.isnan.html | torch.isnan} */
export const isnan: (x: Tensor) => Tensor = unary({ name: "isnan", build: (x) => expr.ne(x, x), result: "bool" });

/** Which elements are infinite, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.isinf.html | torch.isinf} */
export const isinf: (x: Tensor) => Tensor = unary({
  name: "isinf",
  build: (x) => (isFloatExpr(x) ? expr.eq(expr.abs(x), infinityOf(x)) : never(x)),
  result: "bool",
});

/**
 * Which elements are neither infinite nor NaN, bool.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.isfinite.html | torch.isfinite}
 * @example
 * tensor([1, Infinity, NaN]).isfinite().arraySync(); // => [1, 0, 0]
 */
export const isfinite: (x: Tensor) => Tensor = unary({
  name: "isfinite",
  build: (x) => (isFloatExpr(x) ? expr.lt(expr.abs(x), infinityOf(x)) : expr.not(never(x))),
  result: "bool",
});
