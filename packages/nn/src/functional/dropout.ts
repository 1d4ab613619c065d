import { rand, record, type Tensor } from "@anneal/tensor";

/**
 * In training, each element is 0 with probability `p`, the others grow by 1 / (1 - p), so that the mean stays. Otherwise `x` itself. No
 * mask is stored: the backward pass draws the same numbers again.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html | torch.nn.functional.dropout}
 */
export function dropout(
  x: Tensor,
  { p = 0.5, training = true }: { readonly p?: number; readonly training?: boolean } = {},
): Tensor {
  if (!training || p === 0) return x;
  if (p === 1) return x.mul(0);
  const factor = rand(x.shape, { device: x.device })
    .ge(p)
    .to(x.dtype)
    .mul(1 / (1 - p));
  return record("dropout", [x], x.detach().mul(factor), [factor], (grad, [saved]) => [grad.mul(saved as Tensor)]);
}
