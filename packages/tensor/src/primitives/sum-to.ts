import type { Shape } from "../core/shape.ts";
import { sameShape } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";

/** Undo a broadcast: sum over the dimensions that `shape` does not have or has once. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const added = tensor.ndim - shape.length;
  const dims: number[] = [];
  for (let d = 0; d < tensor.ndim; d++) {
    if (d < added || (shape[d - added] === 1 && tensor.shape[d] !== 1)) dims.push(d);
  }
  const summed = dims.length > 0 ? tensor.sum(dims, { keepdim: true }) : tensor;
  return added > 0 ? summed.reshape(shape) : summed;
}
