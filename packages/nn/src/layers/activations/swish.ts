import { hardswish, mish, silu, type Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

/**
 * `x sigmoid(x)`, also called swish.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html | torch.nn.SiLU}
 * @see {@link https://arxiv.org/abs/1606.08415 | Hendrycks & Gimpel 2016}
 * @example
 * await new SiLU().forward(tensor([0, 1000])).array(); // => [0, 1000]
 */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/**
 * `x tanh(softplus(x))`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html | torch.nn.Mish}
 * @see {@link https://arxiv.org/abs/1908.08681 | Mish, Misra 2019}
 * @example
 * await new Mish().forward(tensor([0, 1000])).array(); // => [0, 1000]
 */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    return mish(x);
  }
}

/**
 * `x min(max(x + 3, 0), 6) / 6`: a {@link SiLU} of straight lines and a parabola.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html | torch.nn.Hardswish}
 * @see {@link https://arxiv.org/abs/1905.02244 | MobileNetV3, Howard et al. 2019}
 * @example
 * await new Hardswish().forward(tensor([-3, 0, 3])).array(); // => [-0, 0, 3]
 */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    return hardswish(x);
  }
}
