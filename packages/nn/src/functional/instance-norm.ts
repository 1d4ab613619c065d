import { OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber, checkProbability } from "../check-options.ts";
import { channelShape, checkChannels, normalizeByRunning, type RunningStatistics, track } from "./batch-norm.ts";
import { type Affine, countOf, type Grouping, standardize, statisticsOf } from "./standardize.ts";

export interface InstanceNormArguments {
  /** [C], moved in place while `useInputStats`. */
  readonly runningMean?: Tensor | null;
  /** [C], with correction; moved in place while `useInputStats`. */
  readonly runningVar?: Tensor | null;
  /** A factor for each channel, [C]. */
  readonly weight?: Tensor | null;
  /** Added to each channel, [C]. */
  readonly bias?: Tensor | null;
  /** Normalize by the input's own statistics instead of the running ones. @defaultValue true */
  readonly useInputStats?: boolean;
  /** Share of a new batch in the running statistics, 0 to 1. @defaultValue 0.1 */
  readonly momentum?: number;
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
}

/**
 * `(x - mean) / √(variance + eps) * weight + bias` of each channel of each sample.
 *
 * @param x - [N, C, ...] with at least one dimension after C
 * @returns the same shape
 * @throws {OptionError} if an option is out of its range, or running statistics are missing where they are needed
 * @throws {ShapeError} if the shapes do not fit, or a channel of a sample has one value, which has no variance
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html | torch.nn.functional.instance_norm}
 * @see {@link https://arxiv.org/abs/1607.08022 | Instance Normalization, Ulyanov, Vedaldi & Lempitsky 2016}
 * @example
 * instanceNorm(tensor([[[1, 3], [10, 30]]]), { eps: 0 }).arraySync(); // => [[[-1, 1], [-1, 1]]]
 */
export function instanceNorm(x: Tensor, options: InstanceNormArguments = {}): Tensor {
  const { runningMean = null, runningVar = null, weight = null, bias = null } = options;
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  checkNumber("instanceNorm", "eps", eps, { from: 0 });
  checkProbability("instanceNorm", "momentum", momentum);
  checkChannels("instanceNorm", x, { runningMean, runningVar, weight, bias });
  const running = runningMean && runningVar && { mean: runningMean, variance: runningVar };
  if (useInputStats) return normalizeInstances("instanceNorm", x, running, { weight, bias, eps }, momentum);
  if (!running) {
    throw new OptionError(
      "instanceNorm",
      "runningMean or runningVar is missing, and useInputStats is false",
      "Give both, or useInputStats: true.",
    );
  }
  return normalizeByRunning(x, running, { weight, bias, eps });
}

/**
 * Normalize by the input's own statistics.
 *
 * @param running - moved in place towards the mean of the samples' statistics
 * @throws {ShapeError} if a channel of a sample has one value
 */
export function normalizeInstances(
  where: string,
  x: Tensor,
  running: RunningStatistics | null,
  affine: Affine,
  momentum: number,
): Tensor {
  const dims = x.shape.flatMap((_, d) => (d < 2 ? [] : [d]));
  const grouping: Grouping = { name: "instanceNorm", shape: x.shape, dims, affine: channelShape(x) };
  const count = countOf(grouping);
  if (count === 1) {
    throw new ShapeError(
      where,
      `x [${x.shape.join(", ")}] has one value per channel and sample, which has no variance`,
      "Give inputs that are larger than 1 in some dimension after the channels.",
    );
  }
  const statistics = statisticsOf(x, grouping);
  if (running) track(running, statistics, count, momentum);
  return standardize(x, grouping, statistics, affine);
}
