import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { tensor } from "../creation/tensor.ts";
import { type Windows, windowMax, windowSum } from "../primitives/windows.ts";
import type { Tensor } from "../tensor.ts";
import { perDimension } from "./conv.ts";

export interface MaxPoolOptions {
  /** @defaultValue the kernel size */
  readonly stride?: number | readonly number[];
  /** At most half the kernel size. @defaultValue 0 */
  readonly padding?: number | readonly number[];
  /** @defaultValue 1 */
  readonly dilation?: number | readonly number[];
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

interface Pooling {
  readonly windows: Windows;
  readonly sides: readonly [Side, Side];
  readonly padding: readonly number[];
}

function poolingOf(where: string, x: Tensor, kernelSize: number | readonly number[], options: MaxPoolOptions): Pooling {
  if (x.ndim !== 4 && x.ndim !== 3)
    throw new ShapeError(where, `x has the shape ${formatShape(x.shape)}`, "It takes [N, C, H, W] or [C, H, W].");
  const kernel = perDimension(where, "kernelSize", kernelSize, 2, 1) as [number, number];
  const stride = perDimension(where, "stride", options.stride ?? kernelSize, 2, 1) as [number, number];
  const padding = perDimension(where, "padding", options.padding ?? 0, 2, 0) as [number, number];
  const dilation = perDimension(where, "dilation", options.dilation ?? 1, 2, 1) as [number, number];
  padding.forEach((each, i) => {
    if (each > (kernel[i] as number) / 2)
      throw new OptionError(
        where,
        `padding ${each} is more than half of the kernel size ${kernel[i]}`,
        "Such a window could lie outside. Use less.",
      );
  });
  const [height, width] = x.shape.slice(-2) as [number, number];
  const ceilMode = options.ceilMode ?? false;
  const sides = [
    sideOf(where, height, kernel[0], stride[0], padding[0], dilation[0], ceilMode),
    sideOf(where, width, kernel[1], stride[1], padding[1], dilation[1], ceilMode),
  ] as const;
  return { windows: { kernel, stride, dilation, count: [sides[0].count, sides[1].count] }, sides, padding };
}

function bordered(x: Tensor, [vertical, horizontal]: readonly [Side, Side], value: number): Tensor {
  const sides = [horizontal.before, Math.max(0, horizontal.after), vertical.before, Math.max(0, vertical.after)];
  return sides.some((each) => each > 0) ? x.pad(sides, { value }) : x;
}

/**
 * The largest element of each window.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param kernelSize - of a window, one number or [height, width]
 * @returns [N, C, OH, OW]; the first of equals gets the gradient
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html | torch.nn.functional.max_pool2d}
 */
export function maxPool2d(x: Tensor, kernelSize: number | readonly number[], options: MaxPoolOptions = {}): Tensor {
  const { windows, sides } = poolingOf("maxPool2d", x, kernelSize, options);
  return windowMax(bordered(x, sides, -Infinity), windows).values;
}

export interface AvgPoolOptions extends Omit<MaxPoolOptions, "dilation"> {
  /** Do zeros of the padding count as elements? @defaultValue true */
  readonly countIncludePad?: boolean;
}

/**
 * The mean of each window.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @returns [N, C, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html | torch.nn.functional.avg_pool2d}
 */
export function avgPool2d(x: Tensor, kernelSize: number | readonly number[], options: AvgPoolOptions = {}): Tensor {
  const { windows, sides, padding } = poolingOf("avgPool2d", x, kernelSize, options);
  const { countIncludePad = true } = options;
  const total = windowSum(bordered(x, sides, 0), windows);
  const counts = ([0, 1] as const).map((i) => {
    const [kernel, stride] = [windows.kernel[i], windows.stride[i]];
    const size = x.shape.at(i - 2) as number;
    const border = padding[i] as number;
    return Array.from({ length: windows.count[i] }, (_, k) => {
      const start = k * stride - border;
      const end = Math.min(start + kernel, size + border);
      return countIncludePad ? end - start : Math.min(end, size) - Math.max(start, 0);
    });
  }) as [number[], number[]];
  const [rows, columns] = counts;
  if (rows.every((each) => each === rows[0]) && columns.every((each) => each === columns[0])) {
    return total.div((rows[0] as number) * (columns[0] as number));
  }
  const table = rows.map((row) => columns.map((column) => row * column));
  return total.div(tensor(table, { dtype: x.dtype, device: x.device }));
}

/**
 * Means over as many windows as asked for, which cover the input evenly and may overlap by one.
 *
 * @param outputSize - one number or [height, width]
 * @returns [N, C, ...outputSize]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html | torch.nn.functional.adaptive_avg_pool2d}
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  const [outHeight, outWidth] = perDimension("adaptiveAvgPool2d", "outputSize", outputSize, 2, 1) as [number, number];
  const [height, width] = x.shape.slice(-2) as [number, number];
  if (outHeight === 1 && outWidth === 1) return x.mean([-2, -1], { keepdim: true });
  if (height % outHeight === 0 && width % outWidth === 0) return avgPool2d(x, [height / outHeight, width / outWidth]);
  const averaging = (size: number, out: number): Tensor => {
    const rows = Array.from({ length: out }, (_, i) => {
      const start = Math.floor((i * size) / out);
      const end = Math.ceil(((i + 1) * size) / out);
      return Array.from({ length: size }, (_, k) => (k >= start && k < end ? 1 / (end - start) : 0));
    });
    return tensor(rows, { dtype: x.dtype, device: x.device });
  };
  return averaging(height, outHeight).matmul(x).matmul(averaging(width, outWidth).T);
}
