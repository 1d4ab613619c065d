import { isGradEnabled, record, type Tensor } from "@anneal/tensor";

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
 * With `u = (x - mean) / √(variance + eps)` and sums over the n values of a channel, the gradient of x is
 * `weight / √(variance + eps) * (grad - Σ grad / n - u Σ (grad u) / n)`: three passes over the batch.
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
  const rstd = variance.add(eps).rsqrt();
  const shifted = x.detach().sub(perChannel(mean, x.ndim));
  const factor = weight ? rstd.mul(weight.detach()) : rstd;
  const scaled = shifted.mul(perChannel(factor, x.ndim));
  const out = bias ? scaled.add(perChannel(bias.detach(), x.ndim)) : scaled;
  const inputs = [x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
  const saved = [x, mean, rstd, ...(weight ? [weight] : [])];
  return record("batchNorm", inputs, out, saved, (grad, [self, ...statistics]) => {
    const x = self as Tensor;
    const dims = statisticDims(x);
    const count = x.numel / (x.shape[1] as number);
    const [mean, rstd, factors] = statistics as [Tensor, Tensor, Tensor?];
    // Gradients of this gradient must see that the statistics depend on the input, so then they come from it anew.
    const again = isGradEnabled() ? statisticsOf(x, eps) : { mean, rstd };
    // Anew for each of its two uses: that is cheaper than to store it in between.
    const centered = (): Tensor => x.sub(perChannel(again.mean, x.ndim));
    const gradBias = grad.sum(dims);
    const gradWeight = grad.mul(centered()).sum(dims).mul(again.rstd);
    // In memory, the three count as three of the few buffers that one kernel may read.
    const [level, slope, factor] = [
      gradBias.div(count),
      gradWeight.mul(again.rstd).div(count),
      factors ? again.rstd.mul(factors) : again.rstd,
    ].map((each) => perChannel(each.realize(), x.ndim)) as [Tensor, Tensor, Tensor];
    // Whatever comes before, a convolution most likely, reads it more than once.
    const gradX = grad.sub(level).sub(centered().mul(slope)).mul(factor).realize();
    return [gradX, ...(weight ? [gradWeight] : []), ...(bias ? [gradBias] : [])];
  });
}

/** Mean and 1 / √(variance + eps) of each channel, with their graph. */
function statisticsOf(x: Tensor, eps: number): { mean: Tensor; rstd: Tensor } {
  const dims = statisticDims(x);
  const mean = x.mean(dims);
  const variance = x.sub(perChannel(mean, x.ndim)).square().mean(dims);
  return { mean, rstd: variance.add(eps).rsqrt() };
}

/** {@link normalizeByBatch} with statistics that are constants. */
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
