import { DeviceError, GradientError } from "../core/errors.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import { fromNumbers } from "../creation/tensor.ts";
import { Tensor } from "../tensor.ts";
import { checkRowGradient } from "./row-gradient.ts";
import { SparseGradient } from "./sparse-gradient.ts";

/** A gradient of single rows as users give it. */
export interface GivenRows {
  readonly indices: Tensor | ArrayLike<number>;
  readonly values: Tensor;
}

/** What somebody puts into `grad` of `tensor`. */
export function givenGradient(tensor: Tensor, grad: Tensor | GivenRows): Tensor | SparseGradient {
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

function sparseGradient(tensor: Tensor, { indices, values }: GivenRows): SparseGradient {
  if (!(values instanceof Tensor) || typeof indices !== "object" || indices === null) {
    throw new GradientError(
      "grad",
      "a gradient must be a tensor or null",
      "For single rows, give { indices, values } with a tensor of values.",
    );
  }
  const { device, shape } = tensor;
  const isTensor = indices instanceof Tensor;
  const places = isTensor ? indices : fromNumbers(indices, [indices.length], "int32", device);
  try {
    checkRowGradient("grad", { indices: places, values }, tensor);
    return new SparseGradient(shape, { indices: places, values });
  } finally {
    if (!isTensor) places.discard();
  }
}
