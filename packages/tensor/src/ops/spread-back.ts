import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";

/** Something of a reduction's result shape, spread over the shape that was reduced. */
export function spreadBack(reduced: Tensor, shape: Shape, dims: readonly number[], keepdim: boolean): Tensor {
  const gone = new Set(dims);
  const kept = keepdim ? reduced : reduced.reshape(shape.map((size, d) => (gone.has(d) ? 1 : size)));
  return kept.expand(shape);
}
