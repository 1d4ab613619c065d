import { logSoftmax, ShapeError, softmax, type Tensor } from "@anneal/tensor";
import { softmin } from "../../functional/softmin.ts";
import { Module } from "../../module/module.ts";
import { AlongDim } from "./along-dim.ts";

/**
 * `exp(x) / Σ exp(x)` along a dimension: numbers from 0 to 1 that add up to 1. Before a {@link CrossEntropyLoss} it is one too many.
 *
 * @param dim - which PyTorch would guess if it is not given
 * @throws {OptionError} if `dim` is no integer
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html | torch.nn.Softmax}
 * @example
 * await new Softmax(1).forward(tensor([[1000, 1000]])).array(); // => [[0.5, 0.5]]
 */
export class Softmax extends AlongDim {
  forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }
}

/**
 * `exp(-x) / Σ exp(-x)` along a dimension: the smallest gets most.
 *
 * @param dim - which PyTorch would guess if it is not given
 * @throws {OptionError} if `dim` is no integer
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html | torch.nn.Softmin}
 * @example
 * await new Softmin(0).forward(tensor([1000, -1000])).array(); // => [0, 1]
 */
export class Softmin extends AlongDim {
  forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}

/**
 * `x - log Σ exp(x)` along a dimension: the logarithm of {@link Softmax}, exact where that is too small for it.
 *
 * @param dim - which PyTorch would guess if it is not given
 * @throws {OptionError} if `dim` is no integer
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html | torch.nn.LogSoftmax}
 * @example
 * await new LogSoftmax(0).forward(tensor([1000, -1000])).array(); // => [0, -2000]
 */
export class LogSoftmax extends AlongDim {
  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}

/**
 * {@link Softmax} over the channels of images, at each pixel.
 *
 * @throws {ShapeError} from `forward`, if its input is no image
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html | torch.nn.Softmax2d}
 * @example
 * await new Softmax2d().forward(tensor([[[5]], [[5]]])).array(); // => [[[0.5]], [[0.5]]]
 */
export class Softmax2d extends Module {
  /** @param x - [N, C, H, W] or [C, H, W] @returns the same shape */
  forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) {
      throw new ShapeError(
        "Softmax2d",
        `x has the shape [${x.shape.join(", ")}]`,
        "It takes [N, C, H, W] or [C, H, W].",
      );
    }
    return softmax(x, -3);
  }
}
