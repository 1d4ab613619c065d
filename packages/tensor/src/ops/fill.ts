import { record } from "../autograd/graph.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { filled } from "../creation/full.ts";
import { zerosLike } from "../creation/like.ts";
import { checkFits, inPlace } from "../primitives/assign.ts";
import { cast, type Operand } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import { where } from "./where.ts";

/** In place: every element becomes `value`, a number or a tensor of one. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.fill_.html | torch.Tensor.fill_} */
export const fill_: (x: Tensor, value: Operand) => Tensor = inPlace("fill_", (x, value: Operand) => {
  if (typeof value === "number") return filled(x.shape, value, x.dtype, x.device);
  if (value.ndim > 0) {
    throw new ShapeError(
      "fill_",
      `the value has the shape ${formatShape(value.shape)}`,
      "Give a number or a 0-d tensor; use copy_ for more.",
    );
  }
  return value.to(x.dtype).expand(x.shape);
});

/** In place: every element becomes 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.zero_.html | torch.Tensor.zero_} */
export const zero_ = (x: Tensor): Tensor => fill_(x, 0);

/**
 * In place: the elements of `source`, broadcast to this shape and converted to this dtype (and brought to this device).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.copy_.html | torch.Tensor.copy_}
 * @example
 * zeros([2, 2]).copy_(tensor([1, 2])).arraySync(); // => [[1, 2], [1, 2]]
 */
export const copy_: (x: Tensor, source: Tensor) => Tensor = inPlace("copy_", (x, source: Tensor) => {
  checkFits("copy_", source.shape, x.shape);
  // A kind may be lost here on purpose: unlike arithmetic in place, copying is how one converts.
  const moved = source.to(x.device);
  const converted = cast(moved, x.dtype);
  const numbers = converted.expand(x.shape);
  const copy = record("copy_", [x, numbers], numbers.viewAs(numbers.layout), [], (grad) => [zerosLike(grad), grad]);
  // Nobody else has seen these.
  for (const made of new Set([moved, converted, numbers])) if (made !== source) made.discard();
  return copy;
});

/**
 * `value` where the mask is true, `x` elsewhere.
 *
 * @param mask - bool, of a shape that broadcasts with x's
 * @param value - a number or a tensor of one element
 * @throws {DTypeError} if the mask is not bool
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html | torch.Tensor.masked_fill}
 * @example
 * tensor([1, 2, 3]).maskedFill(tensor([true, false, true]), 0).arraySync(); // => [0, 2, 0]
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  if (mask.dtype !== "bool")
    throw new DTypeError("maskedFill", `the mask is ${mask.dtype}`, "Compare to get a bool: x.gt(0).");
  if (value instanceof Tensor && value.ndim > 0) {
    throw new ShapeError(
      "maskedFill",
      `the value has the shape ${formatShape(value.shape)}`,
      "Give a number or a 0-d tensor; use where for more.",
    );
  }
  const fill = value instanceof Tensor ? cast(value, x.dtype) : filled([], value, x.dtype, x.device);
  return where(mask, fill, x);
}

/** In place: {@link maskedFill}. */
export const maskedFill_: (x: Tensor, mask: Tensor, value: Operand) => Tensor = inPlace("maskedFill_", maskedFill);
