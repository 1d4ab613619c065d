import type { Tensor } from "@anneal/tensor";

/**
 * Have the tensors computed now, without copying them out: a value that is still a recipe is computed whole when one element of it is
 * read.
 */
export function force(...tensors: readonly Tensor[]): void {
  for (const tensor of tensors) {
    if (tensor.numel > 0) tensor.detach().flatten().narrow(0, 0, 1).dataSync();
  }
}
