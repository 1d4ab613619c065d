import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { checkOptions, type Rules } from "../options/check-options.ts";
import type { Rule } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";
import { count, finite, flag, positiveCount } from "../options/rules.ts";
import type { NestedNumbers, ShapedNumbers } from "../values/numbers.ts";
import { isPictures, type Pixels, readAllPixels, readPixels } from "./pixels.ts";

export interface MakeGridOptions {
  /** Images beside each other in a row. @defaultValue 8 */
  readonly nrow?: number;
  /** Pixels around each image. @defaultValue 2 */
  readonly padding?: number;
  /** Spread the numbers over 0 to 1. @defaultValue false */
  readonly normalize?: boolean;
  /** What becomes 0 and 1 when normalized; what is beyond is clipped. @defaultValue the smallest and the largest number */
  readonly valueRange?: readonly [low: number, high: number];
  /** Normalize each image by itself, not all together. @defaultValue false */
  readonly scaleEach?: boolean;
  /** The number of the pixels between. @defaultValue 0 */
  readonly padValue?: number;
}

const range: Rule = (value) =>
  !(Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1]) &&
  "[low, high], the lower number first";

/** What the options of {@link makeGrid} must be. */
const gridRules: Rules<MakeGridOptions> = {
  nrow: positiveCount,
  padding: count,
  normalize: flag,
  valueRange: range,
  scaleEach: flag,
  padValue: finite,
};

/** Pictures as {@link makeGrid} gives them, [C, H, W], and as every image method takes them. */
export interface Grid {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly data: Float32Array | Uint8Array;
  readonly dtype: "float32" | "uint8";
}

/** Images of one size, [N, C, H, W]. */
interface Batch {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Whatever they came in. */
  readonly data: ArrayLike<number>;
  readonly isBytes: boolean;
}

/** Pictures of one size whose numbers are here: [N, C, H, W], one [C, H, W] or [H, W], or a list of such. */
export type Images = NestedNumbers | ImageHere | readonly ImageHere[];

/** {@link Images} of which some are still on a device: tensors of any library. */
export type ImagesOnDevice = ShapedNumbers | readonly ShapedNumbers[];

/** Numbers with a shape that need not be read. */
export interface ImageHere extends ShapedNumbers {
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/**
 * Pictures as one, side by side in rows. What `torchvision.utils.make_grid` does, but that bytes (dtype uint8) may be normalized too.
 *
 * Pictures of one channel get three equal ones. One picture alone is given back without padding.
 *
 * @param images - [N, C, H, W], one picture [C, H, W] or [H, W], or a list of pictures of one size
 * @returns [C, H, W], for `addImage`: at once if the numbers are here, a promise of it for tensors
 * @throws {OptionError} if an option or the shape does not fit
 * @see {@link https://docs.pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html | torchvision.utils.make_grid}
 * @example
 * const digits = { shape: [10, 1, 28, 28], data: new Float32Array(7840) };
 * makeGrid(digits, { nrow: 5 }).shape; // => [3, 62, 152]
 */
export function makeGrid(images: Images, options?: MakeGridOptions): Grid;
export function makeGrid(images: ImagesOnDevice, options?: MakeGridOptions): Promise<Grid>;
export function makeGrid(images: Images | ImagesOnDevice, options: MakeGridOptions = {}): MaybePromise<Grid> {
  checkOptions("makeGrid", options, gridRules);
  if (!isPictures(images)) return whenThere(readPixels("makeGrid", "images", images), (all) => gridOf(all, options));
  return whenThere(readAllPixels("makeGrid", "image", images), (all) => gridOf(stacked(all), options));
}

function stacked(images: readonly Pixels[]): Pixels {
  const [first] = images;
  if (!first) throw new OptionError("makeGrid: there are no images. Give at least one.");
  const size = first.data.length;
  const data = first.dtype === "uint8" ? new Uint8Array(size * images.length) : new Float32Array(size * images.length);
  images.forEach((each, i) => {
    if (String(each.shape) !== String(first.shape) || each.dtype !== first.dtype) {
      const [a, b] = [first, each].map(({ shape, dtype }) => `${dtype} [${shape.join(", ")}]`);
      throw new OptionError(`makeGrid: image 0 is ${a}, image ${i} is ${b}. Give images of one size and dtype.`);
    }
    data.set(Array.from(each.data), i * size);
  });
  // A picture of [H, W] has one channel.
  return { shape: [images.length, ...(first.shape.length === 2 ? [1] : []), ...first.shape], dtype: first.dtype, data };
}

/** {@link makeGrid} of numbers that are here. */
function gridOf(images: Pixels, options: MakeGridOptions): Grid {
  const { nrow = 8, padding = 2, normalize = false, valueRange, scaleEach = false, padValue = 0 } = options;
  const batch = batchOf(images);
  const { count, channels, height, width, isBytes } = batch;
  const values = normalize ? normalized(batch, scaleEach, valueRange) : batch.data;
  const size = channels * height * width;
  // One channel is shown as three equal ones.
  const shown = channels === 1 ? 3 : channels;
  const margin = count === 1 ? 0 : padding;
  const across = Math.min(nrow, count);
  const shape = [
    shown,
    (height + margin) * Math.ceil(count / across) + margin,
    (width + margin) * across + margin,
  ] as const;
  const length = shape[0] * shape[1] * shape[2];
  const asBytes = isBytes && !normalize;
  const data = asBytes ? new Uint8Array(length) : new Float32Array(length);
  if (padValue !== 0) data.fill(padValue);
  for (let n = 0; n < count; n++) {
    const top = Math.floor(n / across) * (height + margin) + margin;
    const left = (n % across) * (width + margin) + margin;
    for (let c = 0; c < shown; c++) {
      for (let y = 0; y < height; y++) {
        const from = n * size + ((channels === 1 ? 0 : c) * height + y) * width;
        const to = (c * shape[1] + top + y) * shape[2] + left;
        for (let x = 0; x < width; x++) data[to + x] = values[from + x] as number;
      }
    }
  }
  return { shape, data, dtype: asBytes ? "uint8" : "float32" };
}

function batchOf({ shape, data, dtype }: Pixels): Batch {
  if (shape.length < 2 || shape.length > 4) {
    throw new OptionError(
      `makeGrid: images of the shape [${shape.join(", ")}]. Give [N, C, H, W], or one image [C, H, W] or [H, W].`,
    );
  }
  const [count, channels, height, width] = [1, 1, 1, 1, ...shape].slice(-4) as [number, number, number, number];
  if (count * channels * height * width === 0) {
    throw new OptionError(`makeGrid: images of the shape [${shape.join(", ")}] have no pixels. Give some that have.`);
  }
  return { count, channels, height, width, data, isBytes: dtype === "uint8" };
}

/** In float32, as PyTorch computes it. */
function normalized(
  { count, data }: Batch,
  scaleEach: boolean,
  valueRange: MakeGridOptions["valueRange"],
): Float32Array {
  const values = Float32Array.from(data);
  const parts = scaleEach ? count : 1;
  const size = values.length / parts;
  for (let part = 0; part < parts; part++) spread(values.subarray(part * size, (part + 1) * size), valueRange);
  return values;
}

function spread(values: Float32Array, valueRange: readonly [number, number] | undefined): void {
  let [low, high] = valueRange ?? [Infinity, -Infinity];
  if (!valueRange) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const scale = Math.fround(Math.max(high - low, 1e-5));
  const [least, most] = [Math.fround(low), Math.fround(high)];
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.fround(Math.min(Math.max(values[i] as number, least), most) - least) / scale;
  }
}
