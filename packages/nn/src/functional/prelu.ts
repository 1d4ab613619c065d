import { ShapeError, type Tensor, where } from "@anneal/tensor";

/**
 * `x` above 0, `weight x` elsewhere.
 *
 * @param x - [N, C, ...]; of any shape if there is one weight
 * @param weight - one slope for all, [1], or one for each channel, [C]
 * @returns the same shape
 * @throws {ShapeError} if there are several weights, but not one for each channel
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html | torch.nn.functional.prelu}
 * @see {@link https://arxiv.org/abs/1502.01852 | Delving Deep into Rectifiers, He et al. 2015}
 * @example
 * prelu(tensor([[-4, -4]]), tensor([0.25, 0.5])).arraySync(); // => [[-1, -2]]
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  if (weight.ndim > 1 || (weight.numel !== 1 && weight.numel !== x.shape[1])) {
    throw new ShapeError(
      "prelu",
      `x [${x.shape.join(", ")}] and weight [${weight.shape.join(", ")}] do not fit`,
      "x is [N, C, ...], the weight [1] or [C].",
    );
  }
  const slope = weight.reshape(weight.numel === 1 ? [] : [-1, ...new Array<number>(x.ndim - 2).fill(1)]);
  // As a factor: in the product with x where it is above 0, an infinite x would make the weight's gradient NaN.
  return x.mul(where(x.gt(0), 1, slope));
}
