import { record } from "../autograd/graph.ts";
import { normalizeDims } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";
import { where } from "./where.ts";

/**
 * log Σ exp(x) over dimensions.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html | torch.logsumexp}
 */
export function logsumexp(
  x: Tensor,
  dim: number | readonly number[],
  { keepdim = false }: { readonly keepdim?: boolean } = {},
): Tensor {
  const dims = normalizeDims("logsumexp", dim, x.ndim);
  const input = x.detach();
  // exp overflows float32 above 88.7, so take the largest term out of the sum first; an infinite one would give Infinity - Infinity.
  const largest = input.amax(dims, { keepdim: true });
  const shift = where(largest.isfinite(), largest, 0);
  const total = input.sub(shift).exp().sum(dims, { keepdim: true }).log().add(shift);
  const out = keepdim ? total : total.reshape(x.shape.filter((_, d) => !dims.includes(d)));
  return record("logsumexp", [x], out, [x, out], (grad, [saved, result]) => {
    const lse = spreadBack(result as Tensor, x.shape, dims, keepdim);
    const share = (saved as Tensor).sub(where(lse.isfinite(), lse, 0)).exp();
    return [share.mul(spreadBack(grad, x.shape, dims, keepdim))];
  });
}
