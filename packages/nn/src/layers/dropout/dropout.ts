import type { Tensor } from "@anneal/tensor";
import { dropout, dropout1d, dropout2d, dropout3d } from "../../functional/dropout.ts";
import { DropoutLayer } from "./dropout-layer.ts";

/**
 * In training, each element is 0 with probability `p` and the others grow by 1 / (1 - p); in eval mode nothing happens.
 *
 * @param p - probability of an element to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html | torch.nn.Dropout}
 * @see {@link https://arxiv.org/abs/1207.0580 | Improving neural networks by preventing co-adaptation, Hinton et al. 2012}
 * @example
 * const dropout = new Dropout(0.5);
 * await dropout.forward(ones([4])).array(); // for example [2, 0, 0, 2]
 * await dropout.eval().forward(ones([4])).array(); // => [1, 1, 1, 1]
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout(x, this.options);
  }
}

/**
 * {@link Dropout} of whole channels, as neighbours in one say much the same.
 *
 * @param p - probability of a channel to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html | torch.nn.Dropout1d}
 * @see {@link https://arxiv.org/abs/1411.4280 | Efficient Object Localization, Tompson et al. 2015}
 * @example
 * await new Dropout1d().forward(ones([2, 3])).array(); // for example [[2, 2, 2], [0, 0, 0]]
 */
export class Dropout1d extends DropoutLayer {
  /** @param x - [N, C, L] or [C, L] @returns the same shape */
  forward(x: Tensor): Tensor {
    return dropout1d(x, this.options);
  }
}

/**
 * {@link Dropout} of whole channels. As in PyTorch, three dimensions are sequences in a batch, [N, C, L], not one image.
 *
 * @param p - probability of a channel to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html | torch.nn.Dropout2d}
 * @see {@link https://arxiv.org/abs/1411.4280 | Efficient Object Localization, Tompson et al. 2015}
 * @example
 * await new Dropout2d().forward(ones([1, 2, 1, 2])).array(); // for example [[[[2, 2]], [[0, 0]]]]
 */
export class Dropout2d extends DropoutLayer {
  /** @param x - [N, C, H, W] or [N, C, L] @returns the same shape */
  forward(x: Tensor): Tensor {
    return dropout2d(x, this.options);
  }
}

/**
 * {@link Dropout} of whole channels.
 *
 * @param p - probability of a channel to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html | torch.nn.Dropout3d}
 * @see {@link https://arxiv.org/abs/1411.4280 | Efficient Object Localization, Tompson et al. 2015}
 * @example
 * await new Dropout3d().forward(ones([2, 1, 1, 2])).array(); // for example [[[[2, 2]]], [[[0, 0]]]]
 */
export class Dropout3d extends DropoutLayer {
  /** @param x - [N, C, D, H, W] or [C, D, H, W] @returns the same shape */
  forward(x: Tensor): Tensor {
    return dropout3d(x, this.options);
  }
}
