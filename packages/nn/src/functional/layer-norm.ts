import { ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";
import { type Grouping, standardize, statisticsOf } from "./standardize.ts";

export interface LayerNormArguments {
  /** A factor for each element, of the normalized shape. */
  readonly weight?: Tensor | null;
  /** Added to each element, of the normalized shape. */
  readonly bias?: Tensor | null;
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
}

/**
 * `(x - mean) / √(variance + eps) * weight + bias`, with mean and variance over the last dimensions.
 *
 * @param x - [..., S], where S is the normalized shape
 * @param normalizedShape - sizes of the last dimensions, or the size of the last one
 * @returns the same shape as `x`
 * @throws {ShapeError} if the shapes do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html | torch.nn.functional.layer_norm}
 * @see {@link https://arxiv.org/abs/1607.06450 | Layer Normalization, Ba, Kiros & Hinton 2016}
 * @example
 * layerNorm(tensor([[1, 3], [10, 30]]), 2, { eps: 0 }).arraySync(); // => [[-1, 1], [-1, 1]]
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  options: LayerNormArguments = {},
): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkNumber("layerNorm", "eps", eps, { from: 0 });
  const grouping = byLastDims("layerNorm", x, sizesIn(normalizedShape), { weight, bias });
  return standardize(x, grouping, statisticsOf(x, grouping), { weight, bias, eps });
}

/** One size, or a list of them. */
export const sizesIn = (normalizedShape: number | readonly number[]): readonly number[] =>
  typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;

/**
 * The last dimensions together.
 *
 * @throws {ShapeError} unless x ends in `sizes`, and each of the others is of just that shape
 */
export function byLastDims(
  where: string,
  x: Tensor,
  sizes: readonly number[],
  others: Readonly<Record<string, Tensor | null>>,
): Grouping {
  const first = x.ndim - sizes.length;
  const ends = x.shape.slice(Math.max(first, 0));
  if (sizes.length === 0 || ends.join() !== sizes.join()) {
    throw new ShapeError(
      where,
      `x has the shape [${x.shape.join(", ")}], normalizedShape is [${sizes.join(", ")}]`,
      sizes.length === 0
        ? "Name at least one dimension to normalize over."
        : `Give an x of the shape [..., ${sizes.join(", ")}], or its last sizes.`,
    );
  }
  for (const [name, each] of Object.entries(others)) {
    if (each === null || each.shape.join() === sizes.join()) continue;
    throw new ShapeError(
      where,
      `${name} has the shape [${each.shape.join(", ")}], normalizedShape is [${sizes.join(", ")}]`,
      "They must be equal.",
    );
  }
  return {
    name: where,
    shape: x.shape,
    dims: sizes.map((_, d) => first + d),
    affine: x.shape.map((size, d) => (d < first ? 1 : size)),
  };
}
