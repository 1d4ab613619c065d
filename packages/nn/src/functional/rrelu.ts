import { leakyRelu, OptionError, randLike, type Tensor, where } from "@anneal/tensor";

export interface RReLUOptions {
  /** The least slope below 0. @defaultValue 1 / 8 */
  readonly lower?: number;
  /** The largest. @defaultValue 1 / 3 */
  readonly upper?: number;
}

export function checkSlopes(where: string, lower: number, upper: number): void {
  if (!(lower <= upper && Number.isFinite(upper - lower))) {
    throw new OptionError(where, `lower is ${lower} and upper ${upper}`, "Give two numbers, the smaller one as lower.");
  }
}

/**
 * `x` above 0, `slope x` elsewhere, where the slope is drawn for each element from `lower` to `upper` in training, and is their mean
 * otherwise.
 *
 * @param options - `training`: default false, as in PyTorch
 * @returns the same shape
 * @throws {OptionError} if `lower` is above `upper`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rrelu.html | torch.nn.functional.rrelu}
 * @see {@link https://arxiv.org/abs/1505.00853 | Empirical Evaluation of Rectified Activations, Xu et al. 2015}
 * @example
 * rrelu(tensor([-8, 8]), { lower: 0.25, upper: 0.75 }).arraySync(); // => [-4, 8]
 */
export function rrelu(
  x: Tensor,
  { lower = 1 / 8, upper = 1 / 3, training = false }: RReLUOptions & { readonly training?: boolean } = {},
): Tensor {
  checkSlopes("rrelu", lower, upper);
  if (!training) return leakyRelu(x, { negativeSlope: (lower + upper) / 2 });
  const slope = randLike(x)
    .mul(upper - lower)
    .add(lower);
  return x.mul(where(x.gt(0), 1, slope));
}
