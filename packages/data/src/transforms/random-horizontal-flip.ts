import { bernoulli, type Generator, OptionError, type Tensor, where } from "@anneal/tensor";
import { checkImages } from "./check-images.ts";

export interface RandomHorizontalFlipOptions {
  /**
   * How likely an image is mirrored, 0 to 1.
   * @defaultValue 0.5
   */
  readonly p?: number;
  /**
   * Draw for each image; false: once for all of them.
   * @defaultValue true
   */
  readonly perImage?: boolean;
  /** @defaultValue the generator that `manualSeed` seeds */
  readonly generator?: Generator;
}

/**
 * Each image as it is, or mirrored left to right, at random.
 *
 * torchvision's `RandomHorizontalFlip` draws once for all images of a batch: `perImage: false`.
 *
 * @param images - [N, C, H, W], or one, [C, H, W]
 * @returns the same shape
 * @throws {OptionError} if `p` is not from 0 to 1
 * @example
 * randomHorizontalFlip(tensor([[[1, 2, 3]]]), { p: 1 }).arraySync(); // => [[[3, 2, 1]]]
 * @see {@link https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomHorizontalFlip.html | torchvision's RandomHorizontalFlip}
 */
export function randomHorizontalFlip(images: Tensor, options: RandomHorizontalFlipOptions = {}): Tensor {
  const { p = 0.5, perImage = true, generator } = options;
  checkImages("randomHorizontalFlip", images);
  if (!(p >= 0 && p <= 1)) {
    throw new OptionError("randomHorizontalFlip", `p is ${p}`, "Give a probability from 0 to 1.");
  }
  const draws = images.ndim === 4 && perImage ? [images.shape[0] as number, 1, 1, 1] : [];
  const mirrored = bernoulli(p, draws, { dtype: "bool", device: images.device, ...(generator && { generator }) });
  return where(mirrored, images.flip([-1]), images);
}
