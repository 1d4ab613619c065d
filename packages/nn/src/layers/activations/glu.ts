import { glu, type Tensor } from "@anneal/tensor";
import { AlongDim } from "./along-dim.ts";

/**
 * The gated linear unit: the first half along a dimension times the sigmoid of the second.
 *
 * @param dim - that is halved; default -1
 * @throws {OptionError} if `dim` is no integer
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html | torch.nn.GLU}
 * @see {@link https://arxiv.org/abs/1612.08083 | Language Modeling with Gated Convolutional Networks, Dauphin et al. 2016}
 * @example
 * await new GLU().forward(tensor([2, 4, 0, 0])).array(); // => [1, 2]
 */
export class GLU extends AlongDim {
  constructor(dim = -1) {
    super(dim);
  }

  /** @throws {ShapeError} if the size of the dimension is odd */
  forward(x: Tensor): Tensor {
    return glu(x, this.dim);
  }
}
