import { OptionError } from "../core/errors.ts";
import { tensor } from "../creation/tensor.ts";
import { checkTakes } from "../primitives/pointwise.ts";
import { windowSum } from "../primitives/windows.ts";
import type { Tensor } from "../tensor.ts";
import { bordered, combined, type Pooling, type PoolOptions, poolingOf } from "./pooling-windows.ts";

export interface AvgPoolOptions extends PoolOptions {
  /** Do zeros of the padding count as elements? @defaultValue true */
  readonly countIncludePad?: boolean;
  /** Divides the sums, in place of the numbers of elements: any integer but 0. @defaultValue null */
  readonly divisorOverride?: number | null;
}

function avgPool(
  where: string,
  spatial: number,
  x: Tensor,
  kernelSize: number | readonly number[],
  options: AvgPoolOptions,
): Tensor {
  checkTakes(where, "floats", x.dtype);
  const { countIncludePad = true, divisorOverride = null } = options;
  const pooling = poolingOf(where, x, spatial, kernelSize, options);
  if (divisorOverride !== null && (!Number.isInteger(divisorOverride) || divisorOverride === 0)) {
    throw new OptionError(where, `divisorOverride is ${divisorOverride}`, "Give an integer other than 0.");
  }
  const total = windowSum(bordered(x, pooling.sides, 0), pooling.windows);
  if (divisorOverride !== null) return total.div(divisorOverride);
  return divideByCounts(total, countsOf(x.shape.slice(-spatial), pooling, countIncludePad));
}

/** How many elements the windows have along each dimension. */
function countsOf(sizes: readonly number[], { windows, sides }: Pooling, countIncludePad: boolean): number[][] {
  return sizes.map((size, d) => {
    const [kernel, stride, border] = [windows.kernel[d], windows.stride[d], sides[d]?.before] as [
      number,
      number,
      number,
    ];
    return Array.from({ length: windows.count[d] as number }, (_, k) => {
      const start = k * stride - border;
      // What lies beyond the padding never counts.
      const end = Math.min(start + kernel, size + border);
      return countIncludePad ? end - start : Math.min(end, size) - Math.max(start, 0);
    });
  });
}

/** Means, from the sums of windows that have so many elements along each of the last dimensions. */
export function divideByCounts(total: Tensor, counts: readonly (readonly number[])[]): Tensor {
  const numbers = combined(counts, (before, count) => before * count, 1);
  const [first = 1] = numbers;
  if (numbers.every((each) => each === first)) return total.div(first);
  const shape = counts.map((list) => list.length);
  return total.div(tensor(Float64Array.from(numbers), { shape, dtype: total.dtype, device: total.device }));
}

/**
 * The mean of each window of a sequence. See {@link avgPool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns [N, C, OL]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html | torch.nn.functional.avg_pool1d}
 */
export const avgPool1d = (
  x: Tensor,
  kernelSize: number | readonly number[],
  options: Omit<AvgPoolOptions, "divisorOverride"> = {},
): Tensor => avgPool("avgPool1d", 1, x, kernelSize, options);

/**
 * The mean of each window.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param kernelSize - of a window, one number or [height, width]
 * @returns [N, C, OH, OW]
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} if no window fits
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html | torch.nn.functional.avg_pool2d}
 * @example
 * tensor([[[1, 2], [3, 6]]]).avgPool2d(2).arraySync(); // => [[[3]]]
 */
export const avgPool2d = (x: Tensor, kernelSize: number | readonly number[], options: AvgPoolOptions = {}): Tensor =>
  avgPool("avgPool2d", 2, x, kernelSize, options);

/**
 * The mean of each window of a volume. See {@link avgPool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns [N, C, OD, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool3d.html | torch.nn.functional.avg_pool3d}
 */
export const avgPool3d = (x: Tensor, kernelSize: number | readonly number[], options: AvgPoolOptions = {}): Tensor =>
  avgPool("avgPool3d", 3, x, kernelSize, options);
