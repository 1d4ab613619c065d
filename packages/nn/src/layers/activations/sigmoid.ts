import { hardsigmoid, logSigmoid, sigmoid, type Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

/**
 * `1 / (1 + e^-x)`, from 0 to 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html | torch.nn.Sigmoid}
 * @example
 * await new Sigmoid().forward(tensor([-1000, 0, 1000])).array(); // => [0, 0.5, 1]
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/**
 * The logarithm of {@link Sigmoid}, exact where that is too small for it.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html | torch.nn.LogSigmoid}
 * @example
 * await new LogSigmoid().forward(tensor([-1000, 1000])).array(); // => [-1000, 0]
 */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}

/**
 * `min(max(x + 3, 0), 6) / 6`: a {@link Sigmoid} of straight lines.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html | torch.nn.Hardsigmoid}
 * @example
 * await new Hardsigmoid().forward(tensor([-3, 0, 3])).array(); // => [0, 0.5, 1]
 */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}
