import { DTypeError, ShapeError, type Tensor } from "@anneal/tensor";

/** @throws {DTypeError} unless an input has the dtype of the weights */
export function checkDType(name: string, what: string, { dtype }: Tensor, weight: Tensor): void {
  if (dtype === weight.dtype) return;
  const convert = `${what}.to("${weight.dtype}")`;
  throw new DTypeError(
    name,
    `${what} is ${dtype} and the weights ${weight.dtype}`,
    `Convert it, ${convert}${dtype.startsWith("float") ? `, or the module, to("${dtype}")` : ""}.`,
  );
}

/** @throws {ShapeError | DTypeError} unless a state has that shape, and the dtype of the weights */
export function checkState(name: string, what: string, state: Tensor, shape: readonly number[], weight: Tensor): void {
  checkDType(name, what, state, weight);
  if (state.shape.join() === shape.join()) return;
  throw new ShapeError(
    name,
    `${what} has the shape [${state.shape.join(", ")}]`,
    `For this input it is [${shape.join(", ")}].`,
  );
}
