import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { DTypeError } from "../core/errors.ts";
import { normalizeDims, numelOf } from "../core/shape.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";

/**
 * Mean over dimensions, all of them when none is named.
 *
 * @throws {DTypeError} for integers, which have no mean of their own dtype
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.mean.html | torch.mean}
 * @example
 * tensor([[1, 2], [3, 5]]).mean(1).arraySync(); // => [1.5, 4]
 */
export function mean(
  x: Tensor,
  dim?: number | readonly number[],
  { keepdim = false, dtype = x.dtype }: { readonly keepdim?: boolean; readonly dtype?: DType } = {},
): Tensor {
  if (!isFloating(dtype)) {
    throw new DTypeError("mean", `the mean of ${dtype} is not ${dtype}`, 'Pass { dtype: "float32" }.');
  }
  const dims = normalizeDims("mean", dim, x.ndim);
  const input = x.to(dtype);
  const scale = 1 / numelOf(dims.map((d) => x.shape[d] as number));
  const out = reduce(input, "sum", { dims, keepdim, scale });
  return record("mean", [input], out, [], (grad) => [spreadBack(grad.mul(scale), input.shape, dims, keepdim)]);
}
