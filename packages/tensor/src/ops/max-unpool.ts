import { record } from "../autograd/graph.ts";
import { isInteger } from "../core/dtypes.ts";
import { DTypeError, OptionError, ShapeError } from "../core/errors.ts";
import { contiguousStrides, formatShape, numelOf, sameShape } from "../core/shape.ts";
import { scatter } from "../primitives/lookup.ts";
import type { Tensor } from "../tensor.ts";
import { checkSpatial, perDimension } from "./spatial.ts";

/** Of the max pooling that found the positions. */
export interface MaxUnpoolOptions {
  /** @defaultValue the kernel size */
  readonly stride?: number | readonly number[];
  /** @defaultValue 0 */
  readonly padding?: number | readonly number[];
  /** Sizes of what was pooled, where several give the same: its spatial dimensions, or its whole shape. @defaultValue the least */
  readonly outputSize?: readonly number[] | undefined;
}

function maxUnpool(
  where: string,
  spatial: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: number | readonly number[],
  options: MaxUnpoolOptions,
): Tensor {
  checkSpatial(where, x, spatial);
  if (!isInteger(indices.dtype)) {
    throw new DTypeError(where, `the indices are ${indices.dtype}`, 'Indices are integers: indices.to("int32").');
  }
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(
      where,
      `x has the shape ${formatShape(x.shape)}, the indices ${formatShape(indices.shape)}`,
      "Give one index for each element.",
    );
  }
  const sizes = outSizes(where, spatial, x, kernelSize, options);
  const lead = x.shape.slice(0, -spatial);
  const flat = [...lead, numelOf(x.shape.slice(-spatial))];
  return put(where, x.reshape(flat), indices.reshape(flat), numelOf(sizes)).reshape([...lead, ...sizes]);
}

/** Zeros, `length` in each row, with the row's elements of `x` at the row's positions; the last of those that meet stays. */
function put(where: string, x: Tensor, positions: Tensor, length: number): Tensor {
  const shape = [...x.shape.slice(0, -1), length];
  const base = { shape: x.shape, strides: [...contiguousStrides(shape).slice(0, -1), 0], offset: 0 };
  const out = scatter(where, null, shape, base, [{ indices: positions, size: length, stride: 1 }], x, "set");
  return record(where, [x], out, [positions], (grad, [at]) => [grad.gather(-1, at as Tensor)]);
}

function outSizes(
  where: string,
  spatial: number,
  x: Tensor,
  kernelSize: number | readonly number[],
  { stride = kernelSize, padding = 0, outputSize }: MaxUnpoolOptions,
): number[] {
  const kernel = perDimension(where, "kernelSize", kernelSize, spatial, 1);
  const strides = perDimension(where, "stride", stride, spatial, 1);
  const paddings = perDimension(where, "padding", padding, spatial, 0);
  const usual = x.shape
    .slice(-spatial)
    .map((size, d) => (size - 1) * (strides[d] as number) + (kernel[d] as number) - 2 * (paddings[d] as number));
  if (outputSize === undefined) return usual;
  const asked = outputSize.length === x.ndim ? outputSize.slice(-spatial) : outputSize;
  const fits = asked.every(
    (size, d) => Number.isInteger(size) && Math.abs(size - (usual[d] as number)) < (strides[d] as number),
  );
  if (asked.length !== spatial || !fits) {
    const [least, most] = [-1, 1].map((sign) => usual.map((size, d) => size + sign * ((strides[d] as number) - 1)));
    throw new OptionError(
      where,
      `outputSize is ${formatShape(outputSize)}`,
      `From x ${formatShape(x.shape)} it can be from ${formatShape(least ?? [])} to ${formatShape(most ?? [])}.`,
    );
  }
  return [...asked];
}

/**
 * What `maxPool1d` with `returnIndices` found, put back where it was, among zeros. See {@link maxUnpool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @param indices - of the shape of `x`, int32
 * @returns [N, C, OL]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html | torch.nn.functional.max_unpool1d}
 */
export const maxUnpool1d = (
  x: Tensor,
  indices: Tensor,
  kernelSize: number | readonly number[],
  options: MaxUnpoolOptions = {},
): Tensor => maxUnpool("maxUnpool1d", 1, x, indices, kernelSize, options);

/**
 * What `maxPool2d` with `returnIndices` found, put back where it was, among zeros.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param indices - positions in the flattened plane of the result, of the shape of `x`, int32
 * @param kernelSize - of the pooling; stride and padding are among the options
 * @returns [N, C, OH, OW] with `OH = (H - 1) stride + kernel - 2 padding`, or the sizes asked for
 * @throws {OptionError} if the pooling of such a size does not give that of `x`, or a position is outside
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html | torch.nn.functional.max_unpool2d}
 * @example
 * const [values, indices] = tensor([[[1, 2], [4, 3]]]).maxPool2d(2, { returnIndices: true });
 * values.maxUnpool2d(indices, 2).arraySync(); // => [[[0, 0], [4, 0]]]
 */
export const maxUnpool2d = (
  x: Tensor,
  indices: Tensor,
  kernelSize: number | readonly number[],
  options: MaxUnpoolOptions = {},
): Tensor => maxUnpool("maxUnpool2d", 2, x, indices, kernelSize, options);

/**
 * What `maxPool3d` with `returnIndices` found, put back where it was, among zeros. See {@link maxUnpool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @param indices - of the shape of `x`, int32
 * @returns [N, C, OD, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool3d.html | torch.nn.functional.max_unpool3d}
 */
export const maxUnpool3d = (
  x: Tensor,
  indices: Tensor,
  kernelSize: number | readonly number[],
  options: MaxUnpoolOptions = {},
): Tensor => maxUnpool("maxUnpool3d", 3, x, indices, kernelSize, options);
