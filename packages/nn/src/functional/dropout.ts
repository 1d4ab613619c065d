import { type Shape, ShapeError, type Tensor } from "@anneal/tensor";
import { channelsOf, dropping } from "./dropping.ts";

export interface DropoutOptions {
  /** Probability of an element, or channel, to be dropped, 0 to 1. @defaultValue 0.5 */
  readonly p?: number;
  /** @defaultValue true */
  readonly training?: boolean;
}

function dropFrom(where: string, x: Tensor, shape: Shape, { p = 0.5, training = true }: DropoutOptions): Tensor {
  return dropping(where, x, shape, { p, training }, (kept) => [kept.mul(1 / (1 - p))]);
}

/**
 * In training, each element is 0 with probability `p`, the others grow by 1 / (1 - p), so that the mean stays. Otherwise `x` itself. No
 * mask is stored: the backward pass draws the same numbers again.
 *
 * @param x - a float, of any shape
 * @returns the same shape
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html | torch.nn.functional.dropout}
 * @see {@link https://arxiv.org/abs/1207.0580 | Improving neural networks by preventing co-adaptation, Hinton et al. 2012}
 * @example
 * dropout(ones([4]), { p: 0.5 }); // for example [2, 0, 0, 2]
 */
export const dropout = (x: Tensor, options: DropoutOptions = {}): Tensor => dropFrom("dropout", x, x.shape, options);

/**
 * {@link dropout} of whole channels: all of a channel is 0, or none of it.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns the same shape
 * @throws {ShapeError} if it has another number of dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout1d.html | torch.nn.functional.dropout1d}
 * @see {@link https://arxiv.org/abs/1411.4280 | Efficient Object Localization, Tompson et al. 2015}
 * @example
 * dropout1d(ones([2, 3]), { p: 0.5 }); // for example [[2, 2, 2], [0, 0, 0]]
 */
export function dropout1d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank("dropout1d", x, [2, 3], "[N, C, L] or [C, L]");
  return dropFrom("dropout1d", x, channelsOf(x, x.ndim - 1), options);
}

/**
 * {@link dropout} of whole channels. As in PyTorch, three dimensions are sequences in a batch, not one image.
 *
 * @param x - [N, C, H, W] or [N, C, L]
 * @returns the same shape
 * @throws {ShapeError} if it has another number of dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html | torch.nn.functional.dropout2d}
 * @example
 * dropout2d(ones([1, 2, 1, 2]), { p: 0.5 }); // for example [[[[2, 2]], [[0, 0]]]]
 */
export function dropout2d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank("dropout2d", x, [3, 4], "[N, C, H, W] or [N, C, L]");
  return dropFrom("dropout2d", x, channelsOf(x, 2), options);
}

/**
 * {@link dropout} of whole channels.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns the same shape
 * @throws {ShapeError} if it has another number of dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout3d.html | torch.nn.functional.dropout3d}
 * @example
 * dropout3d(ones([2, 1, 1, 2]), { p: 0.5 }); // for example [[[[2, 2]]], [[[0, 0]]]]
 */
export function dropout3d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkRank("dropout3d", x, [4, 5], "[N, C, D, H, W] or [C, D, H, W]");
  return dropFrom("dropout3d", x, channelsOf(x, x.ndim - 3), options);
}

function checkRank(where: string, x: Tensor, ranks: readonly number[], takes: string): void {
  if (!ranks.includes(x.ndim)) {
    throw new ShapeError(where, `x has the shape [${x.shape.join(", ")}]`, `It takes ${takes}.`);
  }
}
