import { OptionError, ShapeError } from "../core/errors.ts";
import type { Windows } from "../primitives/windows.ts";
import type { Tensor } from "../tensor.ts";
import { checkSpatial, perDimension } from "./spatial.ts";

/** What all pooling by windows takes. */
export interface PoolOptions {
  /** @defaultValue the kernel size */
  readonly stride?: number | readonly number[];
  /** At most half the kernel size. @defaultValue 0 */
  readonly padding?: number | readonly number[];
  /** Let the last window reach over the end. @defaultValue false */
  readonly ceilMode?: boolean;
}

interface Side {
  readonly count: number;
  readonly before: number;
  /** Elements missing at the end for the last window. */
  readonly after: number;
}

function sideOf(
  where: string,
  size: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceilMode: boolean,
): Side {
  const reach = dilation * (kernel - 1) + 1;
  const room = size + 2 * padding - reach;
  let count = (ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // The last window must start inside the input or its left border.
  if (ceilMode && (count - 1) * stride >= size + padding) count--;
  if (count < 1)
    throw new ShapeError(
      where,
      `a window of ${reach} elements does not fit into ${size} with padding ${padding}`,
      "Use a smaller kernel.",
    );
  return { count, before: padding, after: (count - 1) * stride + reach - size - padding };
}

export interface Pooling {
  /** Over the input with its border. */
  readonly windows: Windows;
  readonly sides: readonly Side[];
}

/** The windows over the last `spatial` dimensions of `x`. */
export function poolingOf(
  where: string,
  x: Tensor,
  spatial: number,
  kernelSize: number | readonly number[],
  options: PoolOptions & { readonly dilation?: number | readonly number[] },
): Pooling {
  checkSpatial(where, x, spatial);
  const kernel = perDimension(where, "kernelSize", kernelSize, spatial, 1);
  const stride = perDimension(where, "stride", options.stride ?? kernelSize, spatial, 1);
  const padding = perDimension(where, "padding", options.padding ?? 0, spatial, 0);
  const dilation = perDimension(where, "dilation", options.dilation ?? 1, spatial, 1);
  padding.forEach((each, d) => {
    if (each > (kernel[d] as number) / 2)
      throw new OptionError(
        where,
        `padding ${each} is more than half of the kernel size ${kernel[d]}`,
        "Such a window could lie outside. Use less.",
      );
  });
  const sides = x.shape
    .slice(-spatial)
    .map((size, d) =>
      sideOf(
        where,
        size,
        kernel[d] as number,
        stride[d] as number,
        padding[d] as number,
        dilation[d] as number,
        options.ceilMode ?? false,
      ),
    );
  return { windows: { kernel, stride, dilation, count: sides.map(({ count }) => count) }, sides };
}

/** `x` with the border that the windows reach over. */
export function bordered(x: Tensor, sides: readonly Side[], value: number): Tensor {
  const border = sides.toReversed().flatMap(({ before, after }) => [before, Math.max(0, after)]);
  return border.some((each) => each > 0) ? x.pad(border, { value }) : x;
}

/** One number for each combination of entries of the lists, the last list's fastest. */
export function combined(
  lists: readonly (readonly number[])[],
  combine: (before: number, entry: number, list: number) => number,
  start: number,
): number[] {
  return lists.reduce<number[]>(
    (sofar, list, i) => sofar.flatMap((before) => list.map((entry) => combine(before, entry, i))),
    [start],
  );
}
