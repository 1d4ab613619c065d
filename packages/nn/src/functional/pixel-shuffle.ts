import { OptionError, ShapeError, type Tensor } from "@anneal/tensor";

/**
 * Each `r · r` channels as one that is `r` times as high and wide: `out[c, h r + i, w r + j] = x[c r r + i r + j, h, w]`.
 *
 * @param x - [..., C · r · r, H, W]
 * @param upscaleFactor - r
 * @returns [..., C, H · r, W · r]
 * @throws {ShapeError} if the channels are no multiple of r · r
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html | torch.nn.functional.pixel_shuffle}
 * @see {@link https://arxiv.org/abs/1609.05158 | Real-Time Super-Resolution, Shi et al. 2016}
 * @example
 * pixelShuffle(tensor([[[1]], [[2]], [[3]], [[4]]]), 2).arraySync(); // => [[[1, 2], [3, 4]]]
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const [channels, h, w] = planesOf("pixelShuffle", "upscaleFactor", x, upscaleFactor);
  const r = upscaleFactor;
  if (channels % (r * r) !== 0) {
    throw new ShapeError(
      "pixelShuffle",
      `x [${x.shape.join(", ")}] has ${channels} channels, which upscaleFactor ${r} does not make whole planes of`,
      `Give a multiple of ${r * r} channels.`,
    );
  }
  const c = channels / (r * r);
  return rearrange(x, [c, r, r, h, w], [0, 3, 1, 4, 2], [c, h * r, w * r]);
}

/**
 * What {@link pixelShuffle} undoes: each block of `r` by `r` pixels as `r · r` channels.
 *
 * @param x - [..., C, H · r, W · r]
 * @param downscaleFactor - r
 * @returns [..., C · r · r, H, W]
 * @throws {ShapeError} if height and width are no multiples of r
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html | torch.nn.functional.pixel_unshuffle}
 * @example
 * pixelUnshuffle(tensor([[[1, 2], [3, 4]]]), 2).arraySync(); // => [[[1]], [[2]], [[3]], [[4]]]
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const [c, height, width] = planesOf("pixelUnshuffle", "downscaleFactor", x, downscaleFactor);
  const r = downscaleFactor;
  if (height % r !== 0 || width % r !== 0) {
    throw new ShapeError(
      "pixelUnshuffle",
      `x [${x.shape.join(", ")}] is not made of blocks of ${r} by ${r}`,
      `Give a height and a width that are multiples of downscaleFactor.`,
    );
  }
  const [h, w] = [height / r, width / r];
  return rearrange(x, [c, h, r, w, r], [0, 2, 4, 1, 3], [c * r * r, h, w]);
}

/** Channels, height and width. */
function planesOf(where: string, name: string, x: Tensor, factor: number): [number, number, number] {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new OptionError(where, `${name} is ${factor}`, "Give an integer from 1 on.");
  }
  if (x.ndim < 3) {
    throw new ShapeError(where, `x has the shape [${x.shape.join(", ")}]`, "It takes [..., C, H, W].");
  }
  return x.shape.slice(-3) as [number, number, number];
}

/** The last three dimensions split, put into another order, and merged. */
function rearrange(x: Tensor, split: readonly number[], order: readonly number[], merged: readonly number[]): Tensor {
  const leading = x.shape.slice(0, -3);
  return x
    .reshape([...leading, ...split])
    .permute([...leading.keys(), ...order.map((d) => leading.length + d)])
    .reshape([...leading, ...merged]);
}
