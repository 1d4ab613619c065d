import { DeviceError, GradientError } from "../core/errors.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import { fromNumbers } from "../creation/tensor.ts";
import { checkNumbers } from "../primitives/lookup.ts";
import { Tensor } from "../tensor.ts";
import { checkRowGradient } from "./row-gradient.ts";
import { SparseGradient } from "./sparse-gradient.ts";

/** A gradient of some rows of a tensor, as `grad` takes it. */
export interface GivenRowGradient {
  /** Which rows, integers from 0. */
  readonly indices: Tensor | ArrayLike<number>;
  /** Their gradients, [n, ...row]; a row that is named more than once has their sum. */
  readonly values: Tensor;
}

/** What somebody puts into `grad` of `tensor`. */
export function givenGradient(tensor: Tensor, grad: Tensor | GivenRowGradient): Tensor | SparseGradient {
  if (!(grad instanceof Tensor)) return sparseGradient(tensor, grad);
  const { shape, dtype, device } = tensor;
  if (!sameShape(grad.shape, shape) || grad.dtype !== dtype) {
    throw new GradientError(
      "grad",
      `a gradient of ${grad.dtype} ${formatShape(grad.shape)} does not fit a tensor of ${dtype} ${formatShape(shape)}`,
      "Give a gradient of the tensor's own shape and dtype.",
    );
  }
  if (grad.device !== device) {
    throw new DeviceError(
      "grad",
      `a gradient on ${grad.device.info.name} does not fit a tensor on ${device.info.name}`,
      "Move the gradient: grad.to(tensor.device).",
    );
  }
  return grad;
}

function sparseGradient(tensor: Tensor, given: GivenRowGradient): SparseGradient {
  const { device, shape } = tensor;
  // Whatever came from untyped code.
  const { indices, values }: Partial<GivenRowGradient> = given ?? {};
  if (!(values instanceof Tensor) || typeof indices !== "object" || indices === null) {
    throw new GradientError(
      "grad",
      "a gradient must be a tensor or null",
      "For single rows, give { indices, values } with a tensor of values.",
    );
  }
  const isTensor = indices instanceof Tensor;
  const [rows] = shape;
  if (!isTensor && rows !== undefined) checkNumbers("grad", indices, 0, rows);
  const names = isTensor ? indices : fromNumbers(indices, [indices.length], "int32", device);
  try {
    checkRowGradient("grad", { indices: names, values }, tensor);
    return new SparseGradient(shape, { indices: names, values });
  } finally {
    if (!isTensor) names.discard();
  }
}
