import type { Tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";

export interface NormalizeOptions {
  /** Order of the norm; see `norm`. @defaultValue 2 */
  readonly p?: number;
  /** The dimensions that a vector runs over. @defaultValue 1 */
  readonly dim?: number | readonly number[];
  /** Smaller norms count as this. @defaultValue 1e-12 */
  readonly eps?: number;
}

/**
 * `x / max(‖x‖, eps)`: vectors along `dim` become vectors of norm 1; those of zeros stay.
 *
 * @param x - of any shape that has `dim`
 * @returns the same shape
 * @throws {ShapeError} if `x` has no such dimension
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html | torch.nn.functional.normalize}
 * @example
 * normalize(tensor([[3, 4], [0, 0]])).arraySync(); // => [[0.6, 0.8], [0, 0]]
 */
export function normalize(x: Tensor, { p = 2, dim = 1, eps = 1e-12 }: NormalizeOptions = {}): Tensor {
  checkNumber("normalize", "eps", eps, { from: 0 });
  return x.div(x.norm({ p, dim, keepdim: true }).clamp({ min: eps }));
}
