import { OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber, checkSize } from "../check-options.ts";
import { checkChannels } from "./batch-norm.ts";
import { type Grouping, standardize, statisticsOf } from "./standardize.ts";

export interface GroupNormArguments {
  /** A factor for each channel, [C]. */
  readonly weight?: Tensor | null;
  /** Added to each channel, [C]. */
  readonly bias?: Tensor | null;
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
}

/**
 * `(x - mean) / √(variance + eps) * weight + bias`, with mean and variance over each group of channels of each sample.
 *
 * @param x - [N, C, ...]
 * @param numGroups - C is split into so many groups
 * @returns the same shape as `x`
 * @throws {OptionError} if numGroups does not divide the channels
 * @throws {ShapeError} if the shapes do not fit, or there is one value for each group, which has no variance
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html | torch.nn.functional.group_norm}
 * @see {@link https://arxiv.org/abs/1803.08494 | Group Normalization, Wu & He 2018}
 * @example
 * groupNorm(tensor([[1, 3, 10, 30]]), 2, { eps: 0 }).arraySync(); // => [[-1, 1, -1, 1]]
 */
export function groupNorm(x: Tensor, numGroups: number, options: GroupNormArguments = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkNumber("groupNorm", "eps", eps, { from: 0 });
  checkChannels("groupNorm", x, { weight, bias });
  const [samples, channels, ...sizes] = x.shape as [number, number, ...number[]];
  checkGroups("groupNorm", numGroups, channels);
  if (x.numel === numGroups) {
    throw new ShapeError(
      "groupNorm",
      `x [${x.shape.join(", ")}] has one value for each of ${numGroups} groups, which has no variance`,
      "Give larger inputs, or fewer groups.",
    );
  }
  const perGroup = channels / numGroups;
  const shape = [samples, numGroups, perGroup, ...sizes];
  const grouping: Grouping = {
    name: "groupNorm",
    shape,
    dims: shape.flatMap((_, d) => (d < 2 ? [] : [d])),
    affine: [1, numGroups, perGroup, ...sizes.map(() => 1)],
  };
  return standardize(x, grouping, statisticsOf(x, grouping), { weight, bias, eps });
}

/** @throws {OptionError} unless `channels` is a multiple of `numGroups` */
export function checkGroups(where: string, numGroups: number, channels: number): void {
  checkSize(where, "numGroups", numGroups, 1);
  if (channels % numGroups === 0) return;
  throw new OptionError(where, `numGroups ${numGroups} does not divide ${channels} channels`, "It must divide them.");
}
