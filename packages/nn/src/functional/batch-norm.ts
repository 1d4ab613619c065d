import { noGrad, OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber, checkProbability } from "../check-options.ts";
import {
  type Affine,
  countOf,
  type Grouping,
  type Statistics,
  standardize,
  standardizeBy,
  statisticsOf,
} from "./standardize.ts";

export interface BatchNormArguments {
  /** A factor for each channel, [C]. */
  readonly weight?: Tensor | null;
  /** Added to each channel, [C]. */
  readonly bias?: Tensor | null;
  /** Normalize by the batch's own statistics, and let them move the running ones. @defaultValue false */
  readonly training?: boolean;
  /** Share of a new batch in the running statistics, 0 to 1. @defaultValue 0.1 */
  readonly momentum?: number;
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
}

/** What running statistics hold, [C] each. */
export interface RunningStatistics {
  readonly mean: Tensor;
  /** With correction. */
  readonly variance: Tensor;
}

/** The shape in which [C] spreads over [N, C, ...]. */
export const channelShape = (x: Tensor): number[] => x.shape.map((size, d) => (d === 1 ? size : 1));

const byChannel = (x: Tensor): Grouping => ({
  name: "batchNorm",
  shape: x.shape,
  dims: x.shape.flatMap((_, d) => (d === 1 ? [] : [d])),
  affine: channelShape(x),
});

/**
 * `(x - mean) / √(variance + eps) * weight + bias` of each channel: in training with mean and variance of the batch, which also move the
 * running ones in place, otherwise with the running ones.
 *
 * @param x - [N, C, ...]
 * @param runningMean - [C], or null in training
 * @param runningVar - [C], with correction, or null in training
 * @returns the same shape as `x`
 * @throws {OptionError} if an option is out of its range, or running statistics are missing where they are needed
 * @throws {ShapeError} if the shapes do not fit, or the batch has one value per channel, which has no variance
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html | torch.nn.functional.batch_norm}
 * @see {@link https://arxiv.org/abs/1502.03167 | Batch Normalization, Ioffe & Szegedy 2015}
 * @example
 * const x = tensor([[1], [3]]);
 * batchNorm(x, zeros([1]), ones([1]), { eps: 0 }).arraySync(); // => [[1], [3]]
 * batchNorm(x, null, null, { training: true, eps: 0 }).arraySync(); // => [[-1], [1]]
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormArguments = {},
): Tensor {
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkNumber("batchNorm", "eps", eps, { from: 0 });
  checkProbability("batchNorm", "momentum", momentum);
  checkChannels("batchNorm", x, { runningMean, runningVar, weight, bias });
  const running = runningMean && runningVar && { mean: runningMean, variance: runningVar };
  if (training) {
    checkVariance("batchNorm", x, "Give larger batches, or training: false with running statistics.");
    return batchNormInTraining(x, running, { weight, bias, eps }, momentum);
  }
  if (!running) {
    throw new OptionError(
      "batchNorm",
      "runningMean or runningVar is null, and training is false",
      "Give both, or training: true to normalize by the batch.",
    );
  }
  return normalizeByRunning(x, running, { weight, bias, eps });
}

/** @throws {ShapeError} unless `x` has channels, and each of the others one number for every channel */
export function checkChannels(where: string, x: Tensor, others: Readonly<Record<string, Tensor | null>>): void {
  if (x.ndim < 2) {
    throw new ShapeError(where, `x has the shape [${x.shape.join(", ")}]`, "It takes [N, C, ...].");
  }
  const channels = x.shape[1] as number;
  for (const [name, each] of Object.entries(others)) {
    if (each === null || (each.ndim === 1 && each.numel === channels)) continue;
    throw new ShapeError(
      where,
      `${name} has the shape [${each.shape.join(", ")}], x [${x.shape.join(", ")}] has ${channels} channels`,
      `Give one number for each, [${channels}].`,
    );
  }
}

/** @throws {ShapeError} if a channel has one value */
export function checkVariance(where: string, x: Tensor, mend: string): void {
  if (x.numel !== x.shape[1]) return;
  throw new ShapeError(where, `x [${x.shape.join(", ")}] has one value per channel, which has no variance`, mend);
}

/**
 * Normalize by the batch, in three passes over it backwards.
 *
 * @param running - moved in place towards the batch's statistics
 * @param share - of the batch in them; a tensor where the device knows it better
 */
export function batchNormInTraining(
  x: Tensor,
  running: RunningStatistics | null,
  affine: Affine,
  share: number | Tensor,
): Tensor {
  const grouping = byChannel(x);
  const statistics = statisticsOf(x, grouping);
  if (running) track(running, statistics, countOf(grouping), share);
  return standardize(x, grouping, statistics, affine);
}

/**
 * Move running statistics towards those of groups of `count` numbers, one or several groups for each channel.
 *
 * @param statistics - [N, C, 1, ...]
 */
export function track(
  running: RunningStatistics,
  { mean, variance }: Statistics,
  count: number,
  share: number | Tensor,
): void {
  const perChannel = (each: Tensor): Tensor => (each.shape[0] === 1 ? each.flatten() : each.flatten(1).mean(0));
  noGrad(() => {
    if (mean) running.mean.lerp_(perChannel(mean), share).realize();
    running.variance.lerp_(perChannel(variance.mul(count / (count - 1))), share).realize();
  });
}

/** Normalize [N, C, ...] by running statistics. */
export const normalizeByRunning = (x: Tensor, running: RunningStatistics, affine: Affine): Tensor =>
  standardizeBy(x, running, channelShape(x), affine);
