/**
 * A tuple of Python, or a `torch.Size`: a list, which goes back into a file as a tuple. PyTorch's optimizers have one in `betas`.
 *
 * @example
 * const betas = Tuple.from([0.9, 0.999]);
 * betas.length; // => 2
 */
export class Tuple<T = unknown> extends Array<T> {
  /** What `map`, `filter` and `slice` make is a list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}
