import type { Tensor } from "@anneal/tensor";

/**
 * `exp(-x) / Σ exp(-x)` along `dim`: the smallest gets most.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html | torch.nn.functional.softmin}
 * @example
 * softmin(tensor([1000, -1000]), 0).arraySync(); // => [0, 1]
 */
export const softmin = (x: Tensor, dim: number): Tensor => x.neg().softmax(dim);
