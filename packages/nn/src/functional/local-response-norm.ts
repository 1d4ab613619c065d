import { ShapeError, type Tensor } from "@anneal/tensor";
import { checkSize } from "../check-options.ts";

export interface LocalResponseNormOptions {
  /** @defaultValue 1e-4 */
  readonly alpha?: number;
  /** @defaultValue 0.75 */
  readonly beta?: number;
  /** @defaultValue 1 */
  readonly k?: number;
}

/**
 * `x / (k + alpha * mean(x²))^beta`, with the mean over `size` neighbouring channels; beyond the first and the last there are zeros.
 *
 * @param x - [N, C, ...] with at least one dimension after C
 * @param size - how many channels; the one divided is in the middle (of an even number, the second of the two there)
 * @returns the same shape as `x`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html | torch.nn.functional.local_response_norm}
 * @see {@link https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks | Krizhevsky, Sutskever & Hinton 2012}
 * @example
 * localResponseNorm(ones([1, 2, 1]), 2, { alpha: 2, beta: 1 }).arraySync(); // => [[[0.5], [0.3333333]]]
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): Tensor {
  checkSize("localResponseNorm", "size", size, 1);
  if (x.ndim < 3) {
    throw new ShapeError(
      "localResponseNorm",
      `x has the shape [${x.shape.join(", ")}]`,
      "It takes [N, C, ...] with at least one dimension after C.",
    );
  }
  if (x.numel === 0) return x;
  const untouched = new Array<number>(2 * (x.ndim - 2)).fill(0);
  const padded = x.square().pad([...untouched, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
  return x.div(padded.unfold(1, size, 1).mean(-1).mul(alpha).add(k).pow(beta));
}
