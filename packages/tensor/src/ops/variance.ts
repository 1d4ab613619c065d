import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { DTypeError } from "../core/errors.ts";
import { normalizeDims, numelOf } from "../core/shape.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";

export interface VarianceOptions {
  /** Taken from the number of elements in the denominator; 0 for the variance of the sample itself. @defaultValue 1 */
  readonly correction?: number;
  readonly keepdim?: boolean;
}

/**
 * Variance over dimensions, all of them when none is named: `Σ (x - mean)² / (n - correction)`, in two passes.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.var.html | torch.var}
 */
function variance(
  x: Tensor,
  dim?: number | readonly number[],
  { correction = 1, keepdim = false }: VarianceOptions = {},
): Tensor {
  if (!isFloating(x.dtype))
    throw new DTypeError("var", `the variance of ${x.dtype} is not ${x.dtype}`, 'Cast first: x.to("float32").');
  const dims = normalizeDims("var", dim, x.ndim);
  const count = numelOf(dims.map((d) => x.shape[d] as number));
  const scale = 1 / Math.max(0, count - correction);
  const input = x.detach();
  const out = reduce(input.sub(input.mean(dims, { keepdim: true })).square(), "sum", { dims, keepdim, scale });
  // The mean moves with x too, but Σ (x - mean) is 0, so its part of the gradient vanishes.
  return record("var", [x], out, [x], (grad, [saved]) => {
    const self = saved as Tensor;
    return [
      self
        .sub(self.mean(dims, { keepdim: true }))
        .mul(spreadBack(grad, x.shape, dims, keepdim))
        .mul(2 * scale),
    ];
  });
}

/**
 * Standard deviation over dimensions, all of them when none is named: the root of the variance. Its gradient where it is 0 is 0.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.std.html | torch.std}
 */
export function std(x: Tensor, dim?: number | readonly number[], options: VarianceOptions = {}): Tensor {
  const squared = variance(x, dim, options);
  const out = squared.detach().sqrt();
  return record("std", [squared], out, [out], (grad, [root]) => {
    const self = root as Tensor;
    return [grad.div(self.mul(2)).maskedFill(self.eq(0), 0)];
  });
}

export { variance as var };
