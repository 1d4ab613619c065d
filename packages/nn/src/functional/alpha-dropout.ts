import { type Shape, ShapeError, type Tensor } from "@anneal/tensor";
import { channelsOf, dropping } from "./dropping.ts";

export interface AlphaDropoutOptions {
  /** Probability of an element, or channel, to be dropped, 0 to 1. @defaultValue 0.5 */
  readonly p?: number;
  /** @defaultValue false, as in PyTorch */
  readonly training?: boolean;
}

/** What SELU tends to far below 0, as a size: scale · alpha. */
const ALPHA = 1.7580993408473766;

function saturate(where: string, x: Tensor, shape: Shape, options: AlphaDropoutOptions): Tensor {
  const { p = 0.5, training = false } = options;
  const a = 1 / Math.sqrt((ALPHA ** 2 * p + 1) * (1 - p));
  return dropping(where, x, shape, { p, training }, (kept) => [
    kept.mul(a),
    kept
      .sub(1)
      .mul(ALPHA * a)
      .add(ALPHA * a * p),
  ]);
}

/**
 * Dropout for networks of SELU: in training, each element is `-α` with probability `p`, and all are then scaled and shifted to keep mean 0
 * and variance 1. Otherwise `x` itself.
 *
 * `a · (x or -α) + a α p` with `α = 1.7581` and `a = 1 / √((α² p + 1) (1 - p))`
 *
 * @param x - a float, of any shape
 * @returns the same shape
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html | torch.nn.functional.alpha_dropout}
 * @see {@link https://arxiv.org/abs/1706.02515 | SELU, Klambauer et al. 2017}
 * @example
 * alphaDropout(zeros([3]), { p: 0.5, training: true }); // for example [0.779, -0.779, 0.779]
 */
export const alphaDropout = (x: Tensor, options: AlphaDropoutOptions = {}): Tensor =>
  saturate("alphaDropout", x, x.shape, options);

/**
 * {@link alphaDropout} of whole channels.
 *
 * @param x - [N, C, ...]
 * @returns the same shape
 * @throws {ShapeError} if it has no channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.feature_alpha_dropout.html | torch.nn.functional.feature_alpha_dropout}
 * @example
 * featureAlphaDropout(zeros([1, 2, 2]), { training: true }); // for example [[[0.779, 0.779], [-0.779, -0.779]]]
 */
export function featureAlphaDropout(x: Tensor, options: AlphaDropoutOptions = {}): Tensor {
  if (x.ndim < 2) {
    throw new ShapeError("featureAlphaDropout", `x has the shape [${x.shape.join(", ")}]`, "It takes [N, C, ...].");
  }
  return saturate("featureAlphaDropout", x, channelsOf(x, 2), options);
}
