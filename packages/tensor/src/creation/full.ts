import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import type { Device } from "../core/device.ts";
import { checkStorage } from "../core/dtypes.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { allocateFor, type PointwiseOp, Value } from "../core/value.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { pendingValue, wrapped } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import type { TensorOptions } from "./tensor.ts";

const fills = new Map<DType, PointwiseOp>();

/** One number everywhere, as a recipe. */
export function filled(shape: Shape, value: number, dtype: DType, device: Device): Tensor {
  let op = fills.get(dtype);
  if (!op) {
    // Arguments are numbers; true is any but 0.
    const type = dtype === "bool" ? "i32" : scalarOf[dtype];
    op = {
      name: `full_${dtype}`,
      argTypes: [type],
      build: (_, [x]) => wrapped(expr.cast(x as Expr, scalarOf[dtype]), dtype),
      cost: 0,
    };
    fills.set(dtype, op);
  }
  return Tensor.ofValue(pendingValue(device, dtype, shape, op, [], [value]));
}

/**
 * A tensor of one number.
 *
 * @param value - a boolean gives a bool tensor unless `dtype` says otherwise
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.full.html | torch.full}
 * @example
 * full([2, 2], 7).arraySync(); // => [[7, 7], [7, 7]]
 */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const {
    dtype = typeof value === "boolean" ? "bool" : "float32",
    device = defaultDevice(),
    requiresGrad = false,
  } = options;
  return constant("full", shape, Number(value), dtype, device, requiresGrad);
}

function constant(
  where: string,
  shape: Shape,
  value: number,
  dtype: DType,
  device: Device,
  requiresGrad: boolean,
): Tensor {
  checkShape(where, shape);
  checkStorage(where, dtype, device);
  const result = filled([...shape], value, dtype, device);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/** A tensor of zeros. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.zeros.html | torch.zeros} */
export const zeros = (
  shape: Shape,
  { dtype = "float32", device = defaultDevice(), requiresGrad = false }: TensorOptions = {},
): Tensor => constant("zeros", shape, 0, dtype, device, requiresGrad);

/** A tensor of ones. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.ones.html | torch.ones} */
export const ones = (
  shape: Shape,
  { dtype = "float32", device = defaultDevice(), requiresGrad = false }: TensorOptions = {},
): Tensor => constant("ones", shape, 1, dtype, device, requiresGrad);

/** A tensor of whatever is in its memory. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.empty.html | torch.empty} */
export function empty(
  shape: Shape,
  { dtype = "float32", device = defaultDevice(), requiresGrad = false }: TensorOptions = {},
): Tensor {
  checkShape("empty", shape);
  checkStorage("empty", dtype, device);
  const sizes = [...shape];
  const result = Tensor.ofValue(new Value(device, dtype, sizes, { buffer: allocateFor(device, dtype, sizes) }));
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
