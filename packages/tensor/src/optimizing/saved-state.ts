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
export function loadState(parameter: Tensor, saved: unknown, where: string): Tensor {
  if (saved instanceof Tensor) {
    checkShape(parameter, saved.shape, where);
    return keep(saved.detach().clone().to(parameter.dtype).to(parameter.device));
  }
  const { shape, data } = (saved ?? {}) as { shape?: Shape; data?: ArrayLike<number> };
  if (!Array.isArray(shape) || typeof data !== "object" || typeof data?.length !== "number") {
    throw new TypeError(`${where} is no tensor and no { shape, data }. Load a state dict that an optimizer saved.`);
  }
  checkShape(parameter, shape, where);
  return keep(fromNumbers(data, shape, parameter.dtype, parameter.device));
}

function checkShape(parameter: Tensor, shape: Shape, where: string): void {
  if (shape.join() !== parameter.shape.join()) {
    throw new RangeError(
      `${where} has shape ${formatShape(shape)}, its parameter ${formatShape(parameter.shape)}. Load it into the model it was saved with.`,
    );
  }
}
