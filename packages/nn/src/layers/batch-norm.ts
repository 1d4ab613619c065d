import { noGrad, ones, ShapeError, type Tensor, zeros } from "@anneal/tensor";
import { checkSize } from "../check-options.ts";
import { type BatchStatistics, batchStatistics, normalizeBy, normalizeByBatch } from "../functional/batch-norm.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../module/parameter.ts";

export interface BatchNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
  /** Weight of a new batch in the running statistics; null for their plain mean over all batches. @defaultValue 0.1 */
  readonly momentum?: number | null;
  /** Learn a factor and a shift for each channel. @defaultValue true */
  readonly affine?: boolean;
  /** Keep running statistics for eval mode; without them eval uses the batch's. @defaultValue true */
  readonly trackRunningStats?: boolean;
}

/** What batch-norms of all dimensions share. */
abstract class BatchNorm extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly #features: number;
  readonly #options: Required<BatchNormOptions>;

  constructor(
    numFeatures: number,
    { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true }: BatchNormOptions = {},
  ) {
    super();
    checkSize(this.constructor.name, "numFeatures", numFeatures, 1);
    this.#features = numFeatures;
    this.#options = { eps, momentum, affine, trackRunningStats };
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null;
    if (trackRunningStats) {
      this.registerBuffer("running_mean", zeros([numFeatures]));
      this.registerBuffer("running_var", ones([numFeatures]));
      this.registerBuffer("num_batches_tracked", zeros([], { dtype: "int32" }));
    }
  }

  /** Shapes it takes, for messages. */
  protected abstract readonly shapes: string;
  protected abstract takes(ndim: number): boolean;

  /** Running mean of each channel, [C], or null. */
  get runningMean(): Tensor | null {
    return this.buffer("running_mean");
  }

  /** Running variance (with correction) of each channel, [C], or null. */
  get runningVar(): Tensor | null {
    return this.buffer("running_var");
  }

  /** @param x - [N, C, ...] @returns the same shape */
  forward(x: Tensor): Tensor {
    const name = this.constructor.name;
    if (!this.takes(x.ndim) || x.shape[1] !== this.#features) {
      throw new ShapeError(
        name,
        `x has the shape [${x.shape.join(", ")}]`,
        `It takes ${this.shapes} with C = ${this.#features}.`,
      );
    }
    const { eps } = this.#options;
    const { runningMean, runningVar, weight, bias } = this;
    if (!this.training && runningMean && runningVar) {
      return normalizeBy({ mean: runningMean, variance: runningVar }, x, weight, bias, eps);
    }
    const count = x.numel / this.#features;
    if (this.training && count <= 1) {
      throw new ShapeError(
        name,
        `in training it needs more than one value per channel, x [${x.shape.join(", ")}] has ${count}`,
        "Use larger batches (dropLast in the DataLoader), or eval mode.",
      );
    }
    const statistics = batchStatistics(x);
    if (this.training && runningMean && runningVar) this.#track(statistics, runningMean, runningVar, count);
    return normalizeByBatch(x, statistics, weight, bias, eps);
  }

  #track({ mean, variance }: BatchStatistics, runningMean: Tensor, runningVar: Tensor, count: number): void {
    noGrad(() => {
      const batches = this.buffer("num_batches_tracked")?.add_(1).realize();
      const momentum = this.#options.momentum ?? 1 / (batches?.itemSync() ?? 1);
      const unbiased = variance.mul(count / (count - 1));
      runningMean
        .mul_(1 - momentum)
        .add_(mean.mul(momentum))
        .realize();
      runningVar
        .mul_(1 - momentum)
        .add_(unbiased.mul(momentum))
        .realize();
    });
  }

  protected override extraRepr(): string {
    const { eps, momentum, affine, trackRunningStats } = this.#options;
    return `${this.#features}, { eps: ${eps}, momentum: ${momentum}, affine: ${affine}, trackRunningStats: ${trackRunningStats} }`;
  }
}

/**
 * Batch normalization of [N, C] or [N, C, L].
 *
 * In training by the batch's statistics, which also move the running ones; in eval mode by the running ones.
 *
 * @throws {ShapeError} in training, if the batch has one value per channel
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html | torch.nn.BatchNorm1d}
 * @example
 * new BatchNorm1d(3).forward(randn([8, 3])).shape; // => [8, 3]
 */
export class BatchNorm1d extends BatchNorm {
  protected override readonly shapes = "[N, C] or [N, C, L]";
  protected override takes(ndim: number): boolean {
    return ndim === 2 || ndim === 3;
  }
}

/**
 * Batch normalization of [N, C, H, W]. See {@link BatchNorm1d}.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html | torch.nn.BatchNorm2d}
 */
export class BatchNorm2d extends BatchNorm {
  protected override readonly shapes = "[N, C, H, W]";
  protected override takes(ndim: number): boolean {
    return ndim === 4;
  }
}
