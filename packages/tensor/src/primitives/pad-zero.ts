import { record } from "../autograd/graph.ts";
import { padView } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { copyOp } from "./contiguous.ts";
import { pendingValue } from "./pointwise.ts";
import { takeRun } from "./view.ts";

/** `before` and `after` zeros around dimension `dim` (both at least 0). Costs nothing until it is read. */
export function padZero(x: Tensor, dim: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const size = x.shape[dim] as number;
  const view = padView(x.layout, dim, before, after);
  const out = Tensor.ofValue(pendingValue(x.device, x.dtype, view.shape, copyOp, [{ value: x.cell.value, view }]));
  return record("pad", [x], out, [], (grad) => [takeRun(grad, dim, before, size, 1)]);
}
