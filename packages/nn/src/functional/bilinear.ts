import { einsum, ShapeError, type Tensor } from "@anneal/tensor";

/**
 * `x1ᵀ · weight[o] · x2 + bias[o]` for each output `o`.
 *
 * @param x1 - [..., in1]
 * @param x2 - [..., in2]
 * @param weight - [out, in1, in2]
 * @param bias - [out]
 * @returns [..., out]
 * @throws {ShapeError} if the sizes do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html | torch.nn.functional.bilinear}
 * @example
 * bilinear(tensor([1, 2]), tensor([3]), ones([4, 2, 1])).arraySync(); // => [9, 9, 9, 9]
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const [, in1, in2] = weight.shape;
  const batches = [x1, x2].map(({ shape }) => shape.slice(0, -1).join());
  if (weight.ndim !== 3 || x1.shape.at(-1) !== in1 || x2.shape.at(-1) !== in2 || batches[0] !== batches[1]) {
    const [a, b, w] = [x1, x2, weight].map(({ shape }) => `[${shape.join(", ")}]`);
    throw new ShapeError(
      "bilinear",
      `x1 ${a}, x2 ${b} and weight ${w} do not fit`,
      "They are [..., in1], [..., in2] with the same sizes before, and [out, in1, in2].",
    );
  }
  const product = einsum("...i,oij,...j->...o", [x1, weight, x2]);
  return bias ? product.add(bias) : product;
}
