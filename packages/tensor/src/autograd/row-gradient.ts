import { isInteger } from "../core/dtypes.ts";
import { DeviceError, GradientError } from "../core/errors.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import { zeros } from "../creation/full.ts";
import { checkIndices } from "../primitives/lookup.ts";
import { Tensor } from "../tensor.ts";

/**
 * The gradient of some rows of a tensor, that of all others being zero: what a lookup in a table leaves behind. A row is what one index of
 * dimension 0 selects; one that is named more than once has the sum of its values.
 */
export interface RowGradient {
  /** Which rows, [n], integers from 0. */
  readonly indices: Tensor;
  /** Their gradients, [n, ...row], in the dtype of the tensor they are for. */
  readonly values: Tensor;
}

export const isRowGradient = (gradient: Tensor | RowGradient | null): gradient is RowGradient =>
  gradient !== null && !(gradient instanceof Tensor);

/** The gradient of all elements that it stands for; recorded, as other ops are. */
export function denseGradient({ indices, values }: RowGradient, shape: Shape): Tensor {
  const { dtype, device } = values;
  const column = indices.reshape(values.shape.map((_, d) => (d === 0 ? indices.numel : 1)));
  return zeros(shape, { dtype, device }).scatterAdd(0, column.expand(values.shape), values);
}

/** @throws {GradientError | DeviceError | OptionError} if it is not for a tensor like `tensor`; indices only where they can be read at once */
export function checkRowGradient(
  where: string,
  { indices, values }: RowGradient,
  { shape, dtype, device }: Pick<Tensor, "shape" | "dtype" | "device">,
): void {
  const [rows, ...row] = shape;
  const fits = rows !== undefined && sameShape(values.shape, [indices.numel, ...row]) && values.dtype === dtype;
  if (indices.ndim !== 1 || !isInteger(indices.dtype) || !fits) {
    throw new GradientError(
      where,
      `a gradient by rows with indices of ${indices.dtype} ${formatShape(indices.shape)} and values of ${values.dtype} ` +
        `${formatShape(values.shape)} does not fit a tensor of ${dtype} ${formatShape(shape)}`,
      rows === undefined
        ? "It has no rows."
        : `Give indices of int32 [n] and values of ${dtype} [${["n", ...row].join(", ")}].`,
    );
  }
  for (const each of [indices, values]) {
    if (each.device === device) continue;
    throw new DeviceError(
      where,
      `a gradient on ${each.device.info.name} does not fit a tensor on ${device.info.name}`,
      "Move it: indices.to(tensor.device) and values.to(tensor.device).",
    );
  }
  checkIndices(where, indices, 0, rows);
}
