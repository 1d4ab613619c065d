import { arange, type Generator, OptionError, randint, ShapeError, type Tensor } from "@anneal/tensor";
import { checkImages } from "./check-images.ts";

/** One number for both dimensions, or [height, width]. */
export type ImageSize = number | readonly [height: number, width: number];

export interface RandomCropOptions {
  /**
   * Zeros around the image before it is cropped: on each side, or [above and below, left and right].
   * @defaultValue 0
   */
  readonly padding?: ImageSize;
  /**
   * A place for each image; false: one for all of them.
   * @defaultValue true
   */
  readonly perImage?: boolean;
  /** @defaultValue the generator that `manualSeed` seeds */
  readonly generator?: Generator;
}

/**
 * A part of each image, at a place drawn anew for each: images shifted at random where `padding` makes up for what `size` takes away.
 *
 * torchvision's `RandomCrop` draws one place for all images of a batch: `perImage: false`.
 *
 * @param images - [N, C, H, W], or one, [C, H, W]
 * @param size - of the result, at most that of the padded image
 * @returns [N, C, height, width], or [C, height, width]
 * @throws {OptionError} if `size` or `padding` is no whole number of pixels
 * @throws {ShapeError} if the padded images are smaller than `size`
 * @example
 * const images = ones([8, 3, 32, 32]);
 * randomCrop(images, 32, { padding: 4 }).shape; // => [8, 3, 32, 32]
 * @see {@link https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomCrop.html | torchvision's RandomCrop}
 */
export function randomCrop(images: Tensor, size: ImageSize, options: RandomCropOptions = {}): Tensor {
  const { padding = 0, perImage = true, generator } = options;
  checkImages("randomCrop", images);
  const [height, width] = pixelsOf("size", size, 1);
  const [above, left] = pixelsOf("padding", padding, 0);
  if (images.ndim === 3) return randomCrop(images.unsqueeze(0), size, options).squeeze(0);
  const padded = images.pad([left, left, above, above]);
  const [count, channels, paddedHeight, paddedWidth] = padded.shape as [number, number, number, number];
  if (height > paddedHeight || width > paddedWidth) {
    throw new ShapeError(
      "randomCrop",
      `${height}x${width} pixels do not fit into images of ${paddedHeight}x${paddedWidth}, padding included`,
      "Crop to a smaller size, or pad more.",
    );
  }
  const { device } = images;
  const first = (room: number): Tensor =>
    randint(0, room + 1, [perImage ? count : 1, 1, 1, 1], { device, ...(generator && { generator }) });
  /** 0, 1, 2, ... along one of the four dimensions. */
  const along = (dim: number, length: number): Tensor =>
    arange(length, { dtype: "int32", device }).reshape([0, 1, 2, 3].map((d) => (d === dim ? length : 1)));
  return padded.index([
    along(0, count),
    along(1, channels),
    first(paddedHeight - height).add(along(2, height)),
    first(paddedWidth - width).add(along(3, width)),
  ]);
}

function pixelsOf(name: string, value: ImageSize, least: number): readonly [number, number] {
  const pair: readonly number[] = typeof value === "number" ? [value, value] : value;
  if (pair.length !== 2 || pair.some((each) => !Number.isInteger(each) || each < least)) {
    throw new OptionError(
      "randomCrop",
      `${name} is ${typeof value === "number" ? value : `[${pair.join(", ")}]`}`,
      `Give a whole number of pixels from ${least} on, or two, [vertical, horizontal].`,
    );
  }
  return pair as readonly [number, number];
}
