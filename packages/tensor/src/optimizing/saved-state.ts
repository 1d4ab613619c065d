import { formatShape, type Shape } from "../core/shape.ts";
import { fromNumbers } from "../creation/tensor.ts";
import { keep } from "../memory/scope.ts";
import { Tensor } from "../tensor.ts";

/** An independent copy of a state slot. */
export const saveState = (slot: Tensor): Tensor => {
  const copy = keep(slot.detach().clone());
  return copy;
};

/** A state slot from a saved one: a tensor, or the numbers of another host with their shape. */
export function loadState(parameter: Tensor, saved: unknown, where: string, wanted: Shape): Tensor {
  if (saved instanceof Tensor) {
    checkShape(parameter, saved.shape, wanted, where);
    return keep(saved.detach().clone().to(parameter.dtype).to(parameter.device));
  }
  const { shape, data } = (saved ?? {}) as { shape?: Shape; data?: ArrayLike<number> };
  if (!Array.isArray(shape) || typeof data !== "object" || typeof data?.length !== "number") {
    throw new TypeError(`${where} is no tensor and no { shape, data }. Load a state dict that an optimizer saved.`);
  }
  checkShape(parameter, shape, wanted, where);
  return keep(fromNumbers(data, shape, parameter.dtype, parameter.device));
}

function checkShape(parameter: Tensor, shape: Shape, wanted: Shape, where: string): void {
  if (shape.join() !== wanted.join()) {
    const owner = wanted === parameter.shape ? "its parameter" : "what its parameter needs";
    throw new RangeError(
      `${where} has shape ${formatShape(shape)}, ${owner} ${formatShape(wanted)}. Load it into the model it was saved with.`,
    );
  }
}
