import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { normalizeDims, numelOf } from "../core/shape.ts";
import { eye } from "../creation/eye.ts";
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
  if (x.recorded) return othersProductOneByOne(x, dims);
  const zero = x.eq(0);
  const zeros = zero.sum(dims, { keepdim: true });
  const nonzero = where(zero, 1, x);
  const product = prod(nonzero, dims, { keepdim: true });
  const atZero = where(zeros.eq(1), product, 0);
  const elsewhere = where(zeros.eq(0), product, 0).div(nonzero);
  return where(zero, atZero, elsewhere);
}

/** The same with gradients of its own, zeros or not, which telling zeros apart has not. It takes n² places, for higher orders only. */
function othersProductOneByOne(x: Tensor, dims: readonly number[]): Tensor {
  const order = [...x.shape.keys()].filter((d) => !dims.includes(d)).concat(dims);
  const moved = x.permute(order);
  const kept = moved.shape.slice(0, x.ndim - dims.length);
  const count = numelOf(moved.shape.slice(kept.length));
  const rows = moved.reshape([...kept, 1, count]).expand([...kept, count, count]);
  const others = where(eye(count, { dtype: "bool", device: x.device }), 1, rows).prod(-1);
  return others.reshape(moved.shape).permute(order.map((_, d) => order.indexOf(d)));
}
