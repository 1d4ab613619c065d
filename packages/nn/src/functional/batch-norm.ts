import { record, type Tensor } from "@anneal/tensor";

/** Dimensions that statistics of a channel run over: all but the second. */
const statisticDims = (x: Tensor): number[] => x.shape.map((_, d) => d).filter((d) => d !== 1);

/** [C] as something that broadcasts over [N, C, ...]. */
const perChannel = (values: Tensor, ndim: number): Tensor =>
  values.reshape([values.numel, ...new Array<number>(ndim - 2).fill(1)]);

export interface BatchStatistics {
  /** [C] */
  readonly mean: Tensor;
  /** Without correction, [C]. */
  readonly variance: Tensor;
}

/** Mean and variance of each channel of [N, C, ...], in two passes; without a graph. */
export function batchStatistics(x: Tensor): BatchStatistics {
  const dims = statisticDims(x);
  const input = x.detach();
  const mean = input.mean(dims);
  const variance = input.sub(perChannel(mean, x.ndim)).square().mean(dims);
  return { mean, variance };
}

/**
 * `(x - mean) / √(variance + eps) * weight + bias`, where mean and variance are those of the batch: the gradient goes through them too.
 *
 * @see {@link https://arxiv.org/abs/1502.03167 | Batch Normalization, Ioffe & Szegedy 2015}
 */
export function normalizeByBatch(
  x: Tensor,
  { mean, variance }: BatchStatistics,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const scale = variance.add(eps).rsqrt();
  const shifted = x.detach().sub(perChannel(mean, x.ndim));
  const factor = weight ? scale.mul(weight.detach()) : scale;
  const scaled = shifted.mul(perChannel(factor, x.ndim));
  const out = bias ? scaled.add(perChannel(bias.detach(), x.ndim)) : scaled;
  const inputs = [x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
  return record("batchNorm", inputs, out, weight ? [x, weight] : [x], (grad, [input, factors]) => {
    const self = input as Tensor;
    const dims = statisticDims(self);
    // From the input anew, so that gradients of this gradient see that they depend on it.
    const centered = self.sub(self.mean(dims, { keepdim: true }));
    const rstd = centered.square().mean(dims, { keepdim: true }).add(eps).rsqrt();
    const unit = centered.mul(rstd);
    const gradBias = grad.sum(dims);
    const gradWeight = grad.mul(unit).sum(dims);
    const count = self.numel / (self.shape[1] as number);
    const spread = (values: Tensor): Tensor => perChannel(values.div(count), self.ndim);
    const gradUnit = grad.sub(spread(gradBias)).sub(unit.mul(spread(gradWeight)));
    const gradX = gradUnit.mul(factors ? rstd.mul(perChannel(factors, self.ndim)) : rstd);
    return [gradX, ...(weight ? [gradWeight] : []), ...(bias ? [gradBias] : [])];
  });
}

/** The same with statistics that are constants. */
export function normalizeBy(
  { mean, variance }: BatchStatistics,
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const scale = variance.add(eps).rsqrt();
  const factor = weight ? scale.mul(weight) : scale;
  const scaled = x.sub(perChannel(mean, x.ndim)).mul(perChannel(factor, x.ndim));
  return bias ? scaled.add(perChannel(bias, x.ndim)) : scaled;
}
