import { type GeneratorOption, randn, ShapeError, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { inPlace } from "./in-place.ts";
import { orthonormalize } from "./orthonormalize.ts";

export interface OrthogonalOptions extends GeneratorOption {
  /** A factor. @defaultValue 1 */
  readonly gain?: number;
}

/**
 * In place: a random matrix with orthonormal rows (or columns, if those are fewer), every such matrix as likely as any other.
 *
 * Computed on the host in float64, whatever the device.
 *
 * @param x - [rows, ...]; dimensions after the first count as columns
 * @throws {ShapeError} if it has fewer than two dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_ | torch.nn.init.orthogonal_}
 * @see {@link https://arxiv.org/abs/1312.6120 | Exact solutions to the nonlinear dynamics of learning, Saxe et al. 2013}
 * @see {@link https://arxiv.org/abs/math-ph/0609050 | How to generate random matrices from the classical compact groups, Mezzadri 2006}
 * @example
 * const w = init.orthogonal_(empty([2, 3]));
 * w.matmul(w.T).arraySync(); // [[1, 0], [0, 1]], but for rounding
 */
export function orthogonal_<T extends Tensor>(x: T, { gain = 1, ...generator }: OrthogonalOptions = {}): T {
  if (x.ndim < 2) {
    throw new ShapeError(
      "orthogonal_",
      `x has the shape [${x.shape.join(", ")}]`,
      "Give at least two dimensions: [rows, columns...].",
    );
  }
  if (x.numel === 0) return x;
  const rows = x.shape[0] as number;
  const columns = x.numel / rows;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  return inPlace(x, () => {
    const normal = randn([count, length], { dtype: "float64", device: reference(), ...generator });
    const vectors = orthonormalize(Float64Array.from(normal.dataSync(), Number), length);
    const matrix = tensor(
      vectors.map((each) => each * gain),
      { shape: [count, length], dtype: x.dtype, device: x.device },
    );
    return x.copy_((rows > columns ? matrix.T : matrix).reshape(x.shape));
  });
}
