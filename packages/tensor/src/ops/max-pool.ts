import type { DType } from "@anneal/kernel";
import type { Device } from "../core/device.ts";
import { isFloating } from "../core/dtypes.ts";
import { contiguousStrides } from "../core/shape.ts";
import { tensor } from "../creation/tensor.ts";
import { placeAlong, windowMax } from "../primitives/windows.ts";
import type { Tensor } from "../tensor.ts";
import { bordered, combined, type Pooling, type PoolOptions, poolingOf } from "./pooling-windows.ts";

export interface IndicesOption<Indices extends boolean = boolean> {
  /** Return where the largest elements are, too. @defaultValue false */
  readonly returnIndices?: Indices | undefined;
}

/** The largest elements; if asked for, also their positions in the flattened plane (sequence, volume) they come from, int32. */
export type MaxPoolResult<Indices extends boolean> = Indices extends true ? [values: Tensor, indices: Tensor] : Tensor;

export interface MaxPoolOptions<Indices extends boolean = boolean> extends PoolOptions, IndicesOption<Indices> {
  /** Distance between the elements of a window. @defaultValue 1 */
  readonly dilation?: number | readonly number[];
}

function maxPool<Indices extends boolean>(
  where: string,
  spatial: number,
  x: Tensor,
  kernelSize: number | readonly number[],
  { returnIndices, ...options }: MaxPoolOptions<Indices>,
): MaxPoolResult<Indices> {
  const pooling = poolingOf(where, x, spatial, kernelSize, options);
  const { windows, sides } = pooling;
  const { values, chosen } = windowMax(bordered(x, sides, leastOf(x.dtype)), windows, firstInside(pooling, x.device));
  return asked(returnIndices, values, () => {
    const rowMajor = contiguousStrides(x.shape.slice(-spatial));
    const starts = windows.count.map((count, d) =>
      Array.from({ length: count }, (_, k) => k * (windows.stride[d] as number) - (sides[d]?.before ?? 0)),
    );
    const first = combined(starts, (before, start, d) => before + start * (rowMajor[d] as number), 0);
    return placeAlong(chosen, windows.kernel).reduce(
      (at, place, d) => at.add(place.mul((windows.dilation[d] as number) * (rowMajor[d] as number))),
      perWindow(first, windows.count, x.device),
    );
  });
}

/** What the caller asked for. The one place where types cannot follow. */
export const asked = <Indices extends boolean>(
  returnIndices: Indices | undefined,
  values: Tensor,
  indices: () => Tensor,
): MaxPoolResult<Indices> => (returnIndices ? [values, indices()] : values) as MaxPoolResult<Indices>;

const leastOf = (dtype: DType): number => {
  if (isFloating(dtype)) return -Infinity;
  return dtype === "int32" ? -(2 ** 31) : dtype === "int64" ? -(2 ** 63) : 0;
};

/** The first place of each window that is not in the border, or null where all are. */
function firstInside({ windows, sides }: Pooling, device: Device): Tensor | null {
  const { kernel, stride, dilation, count } = windows;
  const lists = sides.map(({ before }, d) =>
    Array.from({ length: count[d] as number }, (_, k) => {
      const outside = Math.max(0, before - k * (stride[d] as number));
      return Math.min(Math.ceil(outside / (dilation[d] as number)), (kernel[d] as number) - 1);
    }),
  );
  const first = combined(lists, (before, place, d) => before * (kernel[d] as number) + place, 0);
  return first.some((place) => place > 0) ? perWindow(first, count, device) : null;
}

const perWindow = (numbers: number[], count: readonly number[], device: Device): Tensor =>
  tensor(Int32Array.from(numbers), { shape: count, device });

/**
 * The largest element of each window of a sequence. See {@link maxPool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns [N, C, OL]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html | torch.nn.functional.max_pool1d}
 */
export const maxPool1d = <Indices extends boolean = false>(
  x: Tensor,
  kernelSize: number | readonly number[],
  options: MaxPoolOptions<Indices> = {},
): MaxPoolResult<Indices> => maxPool("maxPool1d", 1, x, kernelSize, options);

/**
 * The largest element of each window.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param kernelSize - of a window, one number or [height, width]
 * @returns [N, C, OH, OW]; the first of equals gets the gradient. With `returnIndices` also where it was, int32, in the flattened [H, W]
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} if no window fits
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html | torch.nn.functional.max_pool2d}
 * @example
 * const x = tensor([[[1, 2, 0, 9], [3, 0, 5, 4]]]);
 * x.maxPool2d(2).arraySync(); // => [[[3, 9]]]
 * const [, indices] = x.maxPool2d(2, { returnIndices: true });
 * indices.arraySync(); // => [[[4, 3]]]
 */
export const maxPool2d = <Indices extends boolean = false>(
  x: Tensor,
  kernelSize: number | readonly number[],
  options: MaxPoolOptions<Indices> = {},
): MaxPoolResult<Indices> => maxPool("maxPool2d", 2, x, kernelSize, options);

/**
 * The largest element of each window of a volume. See {@link maxPool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns [N, C, OD, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html | torch.nn.functional.max_pool3d}
 */
export const maxPool3d = <Indices extends boolean = false>(
  x: Tensor,
  kernelSize: number | readonly number[],
  options: MaxPoolOptions<Indices> = {},
): MaxPoolResult<Indices> => maxPool("maxPool3d", 3, x, kernelSize, options);
