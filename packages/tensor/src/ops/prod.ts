import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { normalizeDims } from "../core/shape.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";
import { where } from "./where.ts";

/**
 * Product over dimensions, all of them when none is named. Integers and bools give int32 (int64: int64).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.prod.html | torch.prod}
 */
export function prod(
  x: Tensor,
  dim?: number | readonly number[],
  { keepdim = false, dtype }: { readonly keepdim?: boolean; readonly dtype?: DType } = {},
): Tensor {
  const dims = normalizeDims("prod", dim, x.ndim);
  const input = x.to(dtype ?? (isFloating(x.dtype) || x.dtype === "int64" ? x.dtype : "int32"));
  const out = reduce(input, "prod", { dims, keepdim });
  return record("prod", [input], out, [input], (grad, [saved]) => [
    othersProduct(saved as Tensor, dims).mul(spreadBack(grad, input.shape, dims, keepdim)),
  ]);
}

/** For each element the product of all the others it is multiplied with: not prod / x, which fails where x is 0. */
function othersProduct(x: Tensor, dims: readonly number[]): Tensor {
  const zero = x.eq(0);
  const zeros = zero.sum(dims, { keepdim: true });
  const nonzero = where(zero, 1, x);
  const product = prod(nonzero, dims, { keepdim: true });
  const atZero = where(zeros.eq(1), product, 0);
  const elsewhere = where(zeros.eq(0), product, 0).div(nonzero);
  return where(zero, atZero, elsewhere);
}
