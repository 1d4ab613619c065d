import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { normalizeDims } from "../core/shape.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";

/**
 * Sum over dimensions, all of them when none is named. Integers and bools are summed as int32 (int64: int64).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sum.html | torch.sum}
 * @example
 * tensor([[1, 2], [3, 4]]).sum(0).arraySync(); // => [4, 6]
 */
export function sum(
  x: Tensor,
  dim?: number | readonly number[],
  { keepdim = false, dtype }: { readonly keepdim?: boolean; readonly dtype?: DType } = {},
): Tensor {
  const dims = normalizeDims("sum", dim, x.ndim);
  const result = dtype ?? (isFloating(x.dtype) || x.dtype === "int64" ? x.dtype : "int32");
  const input = x.to(result);
  const out = reduce(input, "sum", { dims, keepdim });
  return record("sum", [input], out, [], (grad) => [spreadBack(grad, input.shape, dims, keepdim)]);
}
