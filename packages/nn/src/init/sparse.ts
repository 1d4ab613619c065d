import { type GeneratorOption, rand, ShapeError, type Tensor } from "@anneal/tensor";
import { checkProbability } from "../check-options.ts";
import { inPlace } from "./in-place.ts";

export interface SparseOptions extends GeneratorOption {
  /** Standard deviation of what is not 0. @defaultValue 0.01 */
  readonly std?: number;
}

/**
 * In place: normal numbers, and zeros at random in the same number for each column.
 *
 * @param x - [rows, columns]
 * @param sparsity - the share of zeros in each column (rounded up to whole rows), 0 to 1
 * @throws {ShapeError} unless it has two dimensions
 * @throws {OptionError} if the sparsity is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.sparse_ | torch.nn.init.sparse_}
 * @see {@link https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf | Deep learning via Hessian-free optimization, Martens 2010}
 * @example
 * const w = init.sparse_(empty([10, 5]), 0.2);
 * w.eq(0).sum(0).arraySync(); // => [2, 2, 2, 2, 2]
 */
export function sparse_<T extends Tensor>(x: T, sparsity: number, { std = 0.01, ...generator }: SparseOptions = {}): T {
  if (x.ndim !== 2) {
    throw new ShapeError("sparse_", `x has the shape [${x.shape.join(", ")}]`, "Give a matrix, [rows, columns].");
  }
  checkProbability("sparse_", "sparsity", sparsity);
  const zeros = Math.ceil(sparsity * (x.shape[0] as number));
  return inPlace(x, () => {
    x.normal_(0, std, generator);
    const order = rand(x.shape, { device: x.device, ...generator }).sort(0).indices;
    const ranks = order.sort(0).indices;
    return x.maskedFill_(ranks.lt(zeros), 0);
  });
}
