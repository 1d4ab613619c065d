import { record } from "../autograd/graph.ts";
import { normalizeDims } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";

export interface NormOptions {
  /** Order: `(Σ |x|^p)^(1/p)`; 0 counts what is not 0, ±Infinity is the largest or smallest |x|. @defaultValue 2 */
  readonly p?: number | "fro";
  /** @defaultValue all dimensions */
  readonly dim?: number | readonly number[];
  readonly keepdim?: boolean;
}

/**
 * Vector norm over dimensions, all of them when none is named. The gradient where the norm is 0 is 0.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.norm.html | torch.norm}
 * @example
 * tensor([3, 4]).norm().itemSync(); // => 5
 */
export function norm(x: Tensor, { p = 2, dim, keepdim = false }: NormOptions = {}): Tensor {
  const dims = normalizeDims("norm", dim, x.ndim);
  const order = p === "fro" ? 2 : p;
  const options = { keepdim };
  if (order === 0) return x.ne(0).to(x.dtype).sum(dims, options);
  if (order === 1) return x.abs().sum(dims, options);
  if (order === Infinity) return x.abs().amax(dims, options);
  if (order === -Infinity) return x.abs().amin(dims, options);
  const input = x.detach();
  const out =
    order === 2
      ? input.square().sum(dims, options).sqrt()
      : input
          .abs()
          .pow(order)
          .sum(dims, options)
          .pow(1 / order);
  return record("norm", [x], out, [x, out], (grad, [saved, result]) => {
    const self = saved as Tensor;
    const total = spreadBack(result as Tensor, x.shape, dims, keepdim);
    const spread = spreadBack(grad, x.shape, dims, keepdim);
    if (order === 2) return [self.mul(spread).div(total).maskedFill(total.eq(0), 0)];
    const size = self.abs();
    // d/dx (Σ|x|^p)^(1/p) = sign(x) |x|^(p-1) / norm^(p-1)
    const slope = self.sign().mul(size.div(total).pow(order - 1));
    return [slope.mul(spread).maskedFill(self.eq(0).logicalOr(total.eq(0)), 0)];
  });
}
