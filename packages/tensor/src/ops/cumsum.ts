import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { normalizeDim } from "../core/shape.ts";
import { inPlace } from "../primitives/assign.ts";
import { scan } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Running sum along `dim`. Integers and bools give int32 (int64: int64).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.cumsum.html | torch.cumsum}
 * @example
 * tensor([1, 2, 3]).cumsum(0).arraySync(); // => [1, 3, 6]
 */
export function cumsum(x: Tensor, dim: number, { dtype }: { readonly dtype?: DType } = {}): Tensor {
  const d = normalizeDim("cumsum", dim, x.ndim);
  const input = x.to(dtype ?? (isFloating(x.dtype) || x.dtype === "int64" ? x.dtype : "int32"));
  if (x.ndim === 0) return input.clone();
  const out = scan(input, "sum", d, input.dtype);
  // Each element is in every later sum.
  return record("cumsum", [input], out, [], (grad) => [grad.flip(d).cumsum(d).flip(d)]);
}

/** In place: {@link cumsum}. */
export const cumsum_: (x: Tensor, dim: number) => Tensor = inPlace("cumsum_", cumsum);
