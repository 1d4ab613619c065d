import { type Expr, expr } from "@anneal/kernel";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { where } from "./where.ts";

const smooth = unary({
  name: "softplus",
  takes: "floats",
  parameters: 2,
  // The exponent is never positive, so nothing overflows. The composed gradient would be 0 at 0, where max and abs have their corners.
  build: (x, parameters) => {
    const [beta, threshold] = parameters as [Expr, Expr];
    const scaled = expr.mul(x, beta);
    const tail = expr.unary("log1p", expr.exp(expr.neg(expr.abs(scaled))));
    const sum = expr.add(expr.max(scaled, expr.constant(x.type, 0)), tail);
    return expr.select(expr.gt(scaled, threshold), x, expr.div(sum, beta));
  },
  cost: 30,
  backward: (grad, x, [beta, threshold]) => {
    const scaled = x.mul(beta as number);
    return where(scaled.gt(threshold as number), grad, grad.mul(scaled.sigmoid()));
  },
});

/**
 * A smooth {@link relu}: `ln(1 + e^(beta x)) / beta`, and `x` itself where `beta x` is above `threshold`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html | torch.nn.functional.softplus}
 * @example
 * tensor([-1000, 0, 1000]).softplus().arraySync(); // => [0, 0.6931471824645996, 1000]
 */
export const softplus = (
  x: Tensor,
  {
    beta = 1,
    threshold = 20,
  }: {
    /** How sharp the bend is. @defaultValue 1 */
    readonly beta?: number;
    /** From where on it counts as straight. @defaultValue 20 */
    readonly threshold?: number;
  } = {},
): Tensor => smooth(x, beta, threshold);
