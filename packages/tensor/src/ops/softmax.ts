import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { normalizeDim } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";

export interface SoftmaxOptions {
  /** Cast before, for more range. @defaultValue the tensor's own */
  readonly dtype?: DType;
}

/** Shifted so that the largest is 0: exp cannot overflow, and softmax does not change. */
const shifted = (x: Tensor, dim: number): Tensor => x.sub(x.amax(dim, { keepdim: true }));

/**
 * exp(x) / Σ exp(x) along `dim`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html | torch.nn.functional.softmax}
 */
export function softmax(x: Tensor, dim: number, { dtype = x.dtype }: SoftmaxOptions = {}): Tensor {
  const d = normalizeDim("softmax", dim, x.ndim);
  const input = x.to(dtype);
  if (x.numel === 0) return input.clone();
  const exps = shifted(input.detach(), d).exp();
  const out = exps.div(exps.sum(d, { keepdim: true }));
  return record("softmax", [input], out, [out], (grad, [y]) => {
    const weighted = grad.mul(y as Tensor);
    return [weighted.sub((y as Tensor).mul(weighted.sum(d, { keepdim: true })))];
  });
}

/**
 * x - log Σ exp(x) along `dim`: the log of {@link softmax}, exact where that is too small for its logarithm.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html | torch.nn.functional.log_softmax}
 */
export function logSoftmax(x: Tensor, dim: number, { dtype = x.dtype }: SoftmaxOptions = {}): Tensor {
  const d = normalizeDim("logSoftmax", dim, x.ndim);
  const input = x.to(dtype);
  if (x.numel === 0) return input.clone();
  const low = shifted(input.detach(), d);
  const out = low.sub(low.exp().sum(d, { keepdim: true }).log());
  return record("logSoftmax", [input], out, [out], (grad, [y]) => [
    grad.sub((y as Tensor).exp().mul(grad.sum(d, { keepdim: true }))),
  ]);
}
