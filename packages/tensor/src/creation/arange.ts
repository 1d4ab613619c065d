import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import type { Device } from "../core/device.ts";
import { OptionError } from "../core/errors.ts";
import type { PointwiseOp } from "../core/value.ts";
import { wholeView } from "../core/view.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { pendingValue, wrapped } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import type { TensorOptions } from "./tensor.ts";

const ops = new Map<DType, PointwiseOp>();

function rampOp(dtype: DType): PointwiseOp {
  let op = ops.get(dtype);
  if (!op) {
    // Floats are computed in double precision and rounded once, as PyTorch does.
    const type = dtype === "int64" ? "i64" : dtype === "float32" || dtype === "float64" ? "f64" : "i32";
    op = {
      name: `ramp_${dtype}`,
      argTypes: [type, type],
      build: ([at], [start, step]) => {
        const place = expr.cast(at as Expr, type);
        return wrapped(expr.cast(expr.add(start as Expr, expr.mul(place, step as Expr)), scalarOf[dtype]), dtype);
      },
    };
    ops.set(dtype, op);
  }
  return op;
}

/** `start + i * step` for i below `count`. */
function ramp(start: number, step: number, count: number, dtype: DType, device: Device): Tensor {
  const shape = [count];
  const source = { value: null, view: wholeView(shape) };
  return Tensor.ofValue(pendingValue(device, dtype, shape, rampOp(dtype), [source], [start, step]));
}

/**
 * Numbers from `start` in steps of `step`, up to but without `end`. With one number: from 0 up to it.
 *
 * @param options - `dtype`: by default int32 if all numbers are integers, else float32
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.arange.html | torch.arange}
 * @example
 * arange(3).arraySync(); // => [0, 1, 2]
 * arange(1, 2, 0.5).arraySync(); // => [1, 1.5]
 */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...given: (number | TensorOptions | undefined)[]): Tensor {
  const numbers = given.filter((each) => typeof each === "number");
  const options = given.find((each) => typeof each === "object") ?? {};
  const [start, end, step] =
    numbers.length === 1 ? [0, numbers[0] as number, 1] : [numbers[0] as number, numbers[1] as number, numbers[2] ?? 1];
  if (
    !Number.isFinite(start) ||
    !Number.isFinite(end) ||
    !Number.isFinite(step) ||
    step === 0 ||
    (end - start) * step < 0
  ) {
    throw new OptionError(
      "arange",
      `steps of ${step} from ${start} never reach ${end}`,
      "Give a step other than 0 that leads from start to end.",
    );
  }
  const {
    dtype = numbers.every(Number.isInteger) ? "int32" : "float32",
    device = defaultDevice(),
    requiresGrad = false,
  } = options;
  const result = ramp(start, step, Math.ceil((end - start) / step), dtype, device);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
