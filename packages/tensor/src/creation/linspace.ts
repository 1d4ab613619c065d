import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { isFloating } from "../core/dtypes.ts";
import { DTypeError, OptionError } from "../core/errors.ts";
import type { PointwiseOp } from "../core/value.ts";
import { wholeView } from "../core/view.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { pendingValue, wrapped } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import type { TensorOptions } from "./tensor.ts";

const spaced = new Map<DType, PointwiseOp>();

/** The first half counts from the start and the second from the end, so that both come out exactly. */
function spacedOp(dtype: DType): PointwiseOp {
  let op = spaced.get(dtype);
  if (!op) {
    // Computed in double precision and rounded once.
    const type = "f64";
    op = {
      name: `linspace_${dtype}`,
      argTypes: [type, type, type, "i32"] as const,
      cost: 4,
      build: ([position], args) => {
        const [start, end, step, last] = args as [Expr, Expr, Expr, Expr];
        const at = position as Expr;
        const up = expr.add(start, expr.mul(step, expr.cast(at, type)));
        const down = expr.sub(end, expr.mul(step, expr.cast(expr.sub(last, at), type)));
        return wrapped(expr.cast(expr.select(expr.le(expr.add(at, at), last), up, down), scalarOf[dtype]), dtype);
      },
    };
    spaced.set(dtype, op);
  }
  return op;
}

/**
 * `steps` numbers at equal distances, both ends among them. Takes no memory until somebody needs it there.
 *
 * @throws {OptionError} if `steps` is not an integer from 0 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.linspace.html | torch.linspace}
 * @example
 * linspace(0, 1, 5).arraySync(); // => [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  const { dtype = "float32", device = defaultDevice(), requiresGrad = false } = options;
  if (!Number.isInteger(steps) || steps < 0) {
    throw new OptionError("linspace", `steps is ${steps}`, "Give an integer from 0 on.");
  }
  if (!isFloating(dtype))
    throw new DTypeError("linspace", `equal distances do not fit into ${dtype}`, "Use float32, then to(dtype).");
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  const source = { value: null, view: wholeView([steps]) };
  const result = Tensor.ofValue(
    pendingValue(device, dtype, [steps], spacedOp(dtype), [source], [start, end, step, steps - 1]),
  );
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
