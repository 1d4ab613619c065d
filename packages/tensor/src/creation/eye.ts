import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { checkShape } from "../core/shape.ts";
import type { PointwiseOp } from "../core/value.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { pendingValue } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import type { TensorOptions } from "./tensor.ts";

const ops = new Map<DType, PointwiseOp>();

function eyeOp(dtype: DType): PointwiseOp {
  let op = ops.get(dtype);
  if (!op) {
    op = {
      name: `eye_${dtype}`,
      build: ([row, column]) => {
        const one = expr.eq(row as Expr, column as Expr);
        return expr.cast(one, scalarOf[dtype]);
      },
    };
    ops.set(dtype, op);
  }
  return op;
}

/**
 * Ones on the diagonal, zeros elsewhere: [n, m].
 *
 * @param m - @defaultValue n
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.eye.html | torch.eye}
 */
export function eye(n: number, m?: number | TensorOptions, options?: TensorOptions): Tensor {
  const columns = typeof m === "number" ? m : n;
  const {
    dtype = "float32",
    device = defaultDevice(),
    requiresGrad = false,
  } = (typeof m === "object" ? m : options) ?? {};
  const shape = [n, columns];
  checkShape("eye", shape);
  const counter = (strides: readonly number[]) => ({ value: null, view: { shape, strides, offset: 0 } });
  const result = Tensor.ofValue(pendingValue(device, dtype, shape, eyeOp(dtype), [counter([1, 0]), counter([0, 1])]));
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
