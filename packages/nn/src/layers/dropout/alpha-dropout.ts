import type { Tensor } from "@anneal/tensor";
import { alphaDropout, featureAlphaDropout } from "../../functional/alpha-dropout.ts";
import { DropoutLayer } from "./dropout-layer.ts";

/**
 * Dropout for networks of {@link SELU}: in training, each element is -1.7581 with probability `p`, and all are then scaled and shifted to
 * keep mean 0 and variance 1; in eval mode nothing happens.
 *
 * @param p - probability of an element to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html | torch.nn.AlphaDropout}
 * @see {@link https://arxiv.org/abs/1706.02515 | SELU, Klambauer et al. 2017}
 * @example
 * await new AlphaDropout().forward(zeros([3])).array(); // for example [0.779, -0.779, 0.779]
 */
export class AlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return alphaDropout(x, this.options);
  }
}

/**
 * {@link AlphaDropout} of whole channels.
 *
 * @param p - probability of a channel to be dropped, 0 to 1; default 0.5
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html | torch.nn.FeatureAlphaDropout}
 * @example
 * await new FeatureAlphaDropout().forward(zeros([1, 2, 2])).array(); // for example [[[0.779, 0.779], [-0.779, -0.779]]]
 */
export class FeatureAlphaDropout extends DropoutLayer {
  /** @param x - [N, C, ...] @returns the same shape */
  forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, this.options);
  }
}
