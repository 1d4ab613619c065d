import { ShapeError, type Tensor } from "@anneal/tensor";
import { checkDim, checkNumber } from "../check-options.ts";
import { atLeast } from "./at-least.ts";

export interface CosineSimilarityOptions {
  /** Along which dimension the vectors lie. @defaultValue 1 */
  readonly dim?: number;
  /** Lengths count as at least this. @defaultValue 1e-8 */
  readonly eps?: number;
}

/** @throws {OptionError} if one is out of its range */
export function cosineSimilarityOptions(
  where: string,
  { dim = 1, eps = 1e-8 }: CosineSimilarityOptions,
): Required<CosineSimilarityOptions> {
  checkDim(where, "dim", dim);
  checkNumber(where, "eps", eps, { from: 0 });
  return { dim, eps };
}

/**
 * Cosine of the angle of each two vectors: `x1 · x2 / (max(‖x1‖, eps) max(‖x2‖, eps))`, from -1 to 1.
 *
 * @param x1 - [..., D, ...], with the D numbers of a vector along `dim`
 * @param x2 - the same; shapes broadcast
 * @returns the same without `dim`
 * @throws {ShapeError} if there is no such dimension
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html | torch.nn.functional.cosine_similarity}
 * @example
 * await cosineSimilarity(tensor([[1, 0]]), tensor([[3, 4]])).array(); // => [0.6]
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { dim, eps } = cosineSimilarityOptions("cosineSimilarity", options);
  const rank = Math.max(x1.ndim, x2.ndim);
  const along = dim < 0 ? dim + rank : dim;
  if (along < 0 || along >= rank) {
    throw new ShapeError(
      "cosineSimilarity",
      `x1 [${x1.shape.join(", ")}] and x2 [${x2.shape.join(", ")}] have no dim ${dim}`,
      `Give an integer from ${-rank} to ${rank - 1}.`,
    );
  }
  const direction = (x: Tensor, other: Tensor): Tensor => {
    // A vector has as many numbers as the other one: if it is broadcast, then before its length is taken.
    const sizes = [x, other].map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
    const [own, others] = sizes as [number[], number[]];
    const vectors = x.reshape(own).expand(own.map((size, d) => (d === along && size === 1 ? (others[d] ?? 1) : size)));
    return vectors.div(atLeast(vectors.norm({ dim: along, keepdim: true }), eps));
  };
  return direction(x1, x2).mul(direction(x2, x1)).sum(along);
}
