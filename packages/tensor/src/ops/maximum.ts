import { type Expr, expr } from "@anneal/kernel";
import { binary, type Operand } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** The part of the gradient that goes to `a`: all if it is beyond `b`, half if they are equal (or not comparable: all, as PyTorch's). */
function share(name: string, beyond: (a: Expr, b: Expr) => Expr): (a: Tensor, b: Operand) => Tensor {
  return binary({
    name,
    build: (a, b) => {
      const [zero, half, one] = [0, 0.5, 1].map((x) => expr.constant(a.type, x)) as [Expr, Expr, Expr];
      return expr.select(expr.eq(a, b), half, expr.select(beyond(b, a), zero, one));
    },
  });
}

const shareOfMaximum = share("shareOfMaximum", expr.gt);
const shareOfMinimum = share("shareOfMinimum", expr.lt);

/**
 * The larger of two elements, NaN if either is. Equals share the gradient.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.maximum.html | torch.maximum}
 * @example
 * tensor([1, 5]).maximum(tensor([3, 2])).arraySync(); // => [3, 5]
 */
export const maximum: (a: Tensor, b: Operand) => Tensor = binary({
  name: "maximum",
  build: expr.max,
  gradA: (grad, a, b) => grad.mul(shareOfMaximum(a, b)),
  gradB: (grad, a, b) => grad.mul(shareOfMaximum(b, a)),
});

/** The smaller of two elements, NaN if either is. Equals share the gradient. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.minimum.html | torch.minimum} */
export const minimum: (a: Tensor, b: Operand) => Tensor = binary({
  name: "minimum",
  build: expr.min,
  gradA: (grad, a, b) => grad.mul(shareOfMinimum(a, b)),
  gradB: (grad, a, b) => grad.mul(shareOfMinimum(b, a)),
});
