import { OptionError, ShapeError } from "../core/errors.ts";
import { contiguousStrides, formatShape } from "../core/shape.ts";
import { arange } from "../creation/arange.ts";
import { tensor } from "../creation/tensor.ts";
import { checkTakes } from "../primitives/pointwise.ts";
import { placeAlong, type Windows, windowMax, windowSum } from "../primitives/windows.ts";
import type { Tensor } from "../tensor.ts";
import { divideByCounts } from "./avg-pool.ts";
import { asked, type IndicesOption, type MaxPoolResult } from "./max-pool.ts";
import { checkSpatial, orSeveral } from "./spatial.ts";

/** One number for all spatial dimensions, or one each; null leaves a size as it is. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/** The windows along one dimension: window k of n covers the positions from ⌊k · size / n⌋ to before ⌈(k + 1) · size / n⌉. */
interface Cover {
  readonly size: number;
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** Elements of the longest. */
  readonly longest: number;
  /** Are all as long, one after the other? */
  readonly even: boolean;
}

function coversOf(where: string, x: Tensor, spatial: number, outputSize: AdaptiveSize): Cover[] {
  checkSpatial(where, x, spatial);
  const given: readonly (number | null)[] =
    typeof outputSize === "object" && outputSize !== null ? outputSize : new Array(spatial).fill(outputSize);
  if (given.length !== spatial || given.some((each) => each !== null && !(Number.isInteger(each) && each >= 1))) {
    const written = given === outputSize ? `[${given.map(String).join(", ")}]` : String(outputSize);
    throw new OptionError(
      where,
      `outputSize is ${written}`,
      `Give an integer from 1 on${orSeveral(spatial)}; null leaves a size as it is.`,
    );
  }
  const sizes = x.shape.slice(-spatial);
  if (sizes.includes(0)) {
    throw new ShapeError(where, `x ${formatShape(x.shape)} has no elements`, "Give a larger input.");
  }
  return sizes.map((size, d) => {
    const count = given[d] ?? size;
    const ranges = Array.from(
      { length: count },
      (_, k) => [Math.floor((k * size) / count), Math.ceil(((k + 1) * size) / count)] as const,
    );
    const longest = Math.max(...ranges.map(([start, end]) => end - start));
    return { size, ranges, longest, even: size % count === 0 };
  });
}

/**
 * `x` with its windows one after the other, all as long as the longest, and the regular windows that they are then.
 *
 * @param filler - position of the element that fills the shorter ones up
 * @returns also `tables`: for each dimension where in `x` its positions were, or null if there still
 */
function regular(x: Tensor, covers: readonly Cover[], filler: (cover: Cover, end: number) => number) {
  const tables = covers.map((cover) => {
    if (cover.even) return null;
    const positions = cover.ranges.flatMap(([start, end]) =>
      Array.from({ length: cover.longest }, (_, k) => (start + k < end ? start + k : filler(cover, end))),
    );
    return tensor(Int32Array.from(positions), { device: x.device });
  });
  const laidOut = tables.reduce<Tensor>((y, table, d) => (table ? y.indexSelect(d - tables.length, table) : y), x);
  const kernel = covers.map(({ longest }) => longest);
  const count = covers.map(({ ranges }) => ranges.length);
  const windows: Windows = { kernel, stride: kernel, dilation: kernel.map(() => 1), count };
  return { laidOut, windows, tables };
}

function adaptiveAvgPool(where: string, spatial: number, x: Tensor, outputSize: AdaptiveSize): Tensor {
  checkTakes(where, "floats", x.dtype);
  const covers = coversOf(where, x, spatial, outputSize);
  if (covers.every(({ ranges }) => ranges.length === 1)) {
    return x.mean(
      covers.map((_, d) => d - spatial),
      { keepdim: true },
    );
  }
  // A zero at the end of a dimension, to fill up with.
  const border = covers.toReversed().flatMap(({ even }) => [0, even ? 0 : 1]);
  const padded = border.includes(1) ? x.pad(border) : x;
  const { laidOut, windows } = regular(padded, covers, ({ size }) => size);
  return divideByCounts(
    windowSum(laidOut, windows),
    covers.map(({ ranges }) => ranges.map(([start, end]) => end - start)),
  );
}

function adaptiveMaxPool<Indices extends boolean>(
  where: string,
  spatial: number,
  x: Tensor,
  outputSize: AdaptiveSize,
  { returnIndices }: IndicesOption<Indices>,
): MaxPoolResult<Indices> {
  const covers = coversOf(where, x, spatial, outputSize);
  // One of a window's own elements again does not change which is the largest.
  const { laidOut, windows, tables } = regular(x, covers, (_, end) => end - 1);
  const { values, chosen } = windowMax(laidOut, windows, null);
  return asked(returnIndices, values, () => {
    const rowMajor = contiguousStrides(x.shape.slice(-spatial));
    const terms = placeAlong(chosen, windows.kernel).map((place, d) => {
      const { ranges, longest } = covers[d] as Cover;
      const starts = arange(ranges.length, { dtype: "int32", device: x.device }).mul(longest);
      const laid = place.add(starts.reshape(covers.map((_, i) => (i === d ? ranges.length : 1))));
      return (tables[d]?.take(laid) ?? laid).mul(rowMajor[d] as number);
    });
    return terms.reduce((at, term) => at.add(term));
  });
}

/**
 * Means over as many windows of a sequence as asked for. See {@link adaptiveAvgPool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns [N, C, outputSize]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html | torch.nn.functional.adaptive_avg_pool1d}
 */
export const adaptiveAvgPool1d = (x: Tensor, outputSize: AdaptiveSize): Tensor =>
  adaptiveAvgPool("adaptiveAvgPool1d", 1, x, outputSize);

/**
 * Means over as many windows as asked for, which cover the input evenly and may overlap.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param outputSize - one number, or [height, width]; null leaves a size as it is
 * @returns [N, C, ...outputSize]
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html | torch.nn.functional.adaptive_avg_pool2d}
 * @example
 * tensor([[[1, 2, 6]]]).adaptiveAvgPool2d([1, 2]).arraySync(); // => [[[1.5, 4]]]
 */
export const adaptiveAvgPool2d = (x: Tensor, outputSize: AdaptiveSize): Tensor =>
  adaptiveAvgPool("adaptiveAvgPool2d", 2, x, outputSize);

/**
 * Means over as many windows of a volume as asked for. See {@link adaptiveAvgPool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns [N, C, ...outputSize]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool3d.html | torch.nn.functional.adaptive_avg_pool3d}
 */
export const adaptiveAvgPool3d = (x: Tensor, outputSize: AdaptiveSize): Tensor =>
  adaptiveAvgPool("adaptiveAvgPool3d", 3, x, outputSize);

/**
 * The largest elements of as many windows of a sequence as asked for. See {@link adaptiveMaxPool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns [N, C, outputSize]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html | torch.nn.functional.adaptive_max_pool1d}
 */
export const adaptiveMaxPool1d = <Indices extends boolean = false>(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: IndicesOption<Indices> = {},
): MaxPoolResult<Indices> => adaptiveMaxPool("adaptiveMaxPool1d", 1, x, outputSize, options);

/**
 * The largest elements of as many windows as asked for, which cover the input evenly and may overlap.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param outputSize - one number, or [height, width]; null leaves a size as it is
 * @returns [N, C, ...outputSize]; the first of equals gets the gradient. With `returnIndices` also where it was, int32, in the flattened
 * [H, W]
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html | torch.nn.functional.adaptive_max_pool2d}
 * @example
 * tensor([[[1, 2, 6]]]).adaptiveMaxPool2d([1, 2]).arraySync(); // => [[[2, 6]]]
 */
export const adaptiveMaxPool2d = <Indices extends boolean = false>(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: IndicesOption<Indices> = {},
): MaxPoolResult<Indices> => adaptiveMaxPool("adaptiveMaxPool2d", 2, x, outputSize, options);

/**
 * The largest elements of as many windows of a volume as asked for. See {@link adaptiveMaxPool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns [N, C, ...outputSize]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool3d.html | torch.nn.functional.adaptive_max_pool3d}
 */
export const adaptiveMaxPool3d = <Indices extends boolean = false>(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: IndicesOption<Indices> = {},
): MaxPoolResult<Indices> => adaptiveMaxPool("adaptiveMaxPool3d", 3, x, outputSize, options);
