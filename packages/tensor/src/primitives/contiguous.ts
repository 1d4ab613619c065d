import type { Expr } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import type { PointwiseOp } from "../core/value.ts";
import { isContiguous } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { pendingValue, sourceOf } from "./pointwise.ts";

/** The elements as they are, in a value of their own. */
export const copyOp: PointwiseOp = { name: "copy", build: ([x]) => x as Expr, cost: 0 };

/**
 * The tensor itself if its elements are one row-major run in memory, else a copy that is.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.contiguous.html | torch.Tensor.contiguous}
 */
export const contiguous = (x: Tensor): Tensor => (isContiguous(x.layout) ? x : clone(x));

/**
 * A tensor of its own with the same numbers; gradients flow through.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.clone.html | torch.clone}
 */
export function clone(x: Tensor): Tensor {
  const copy = Tensor.ofValue(pendingValue(x.device, x.dtype, x.shape, copyOp, [sourceOf(x)]));
  return record("clone", [x], copy, [], (grad) => [grad]);
}
