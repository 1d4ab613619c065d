import { type DType, type Expr, expr } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { promoteNumber, promoteOperands } from "../core/dtypes.ts";
import { DTypeError } from "../core/errors.ts";
import type { PointwiseOp } from "../core/value.ts";
import { filled } from "../creation/full.ts";
import { cast, type Operand, pointwise } from "../primitives/pointwise.ts";
import { sumTo } from "../primitives/sum-to.ts";
import { Tensor } from "../tensor.ts";

const selectOp: PointwiseOp = { name: "where", build: ([c, a, b]) => expr.select(c as Expr, a as Expr, b as Expr) };

/**
 * Elements of `a` where the condition is true, of `b` where it is not. The three broadcast together; `a` and `b` may be numbers.
 *
 * @param condition - bool
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.where.html | torch.where}
 * @example
 * where(tensor([true, false]), 1, tensor([5, 6])).arraySync(); // => [1, 6]
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== "bool") {
    throw new DTypeError("where", `the condition is ${condition.dtype}`, "Compare to get a bool: x.gt(0).");
  }
  const dtype = dtypeOf(a, b);
  const asTensor = (x: Operand): Tensor =>
    x instanceof Tensor ? cast(x, dtype) : filled([], x, dtype, condition.device);
  const [left, right] = [asTensor(a), asTensor(b)];
  const out = pointwise("where", dtype, selectOp, [condition, left, right]);
  return record("where", [left, right], out, [condition], (grad, [saved], [needsA, needsB]) => [
    needsA ? sumTo(where(saved as Tensor, grad, 0), left.shape) : null,
    needsB ? sumTo(where(saved as Tensor, 0, grad), right.shape) : null,
  ]);
}

function dtypeOf(a: Operand, b: Operand): DType {
  if (a instanceof Tensor) return b instanceof Tensor ? promoteOperands([a, b]) : promoteNumber(a.dtype, b);
  if (b instanceof Tensor) return promoteNumber(b.dtype, a);
  return [a, b].every(Number.isInteger) ? "int32" : "float32";
}
