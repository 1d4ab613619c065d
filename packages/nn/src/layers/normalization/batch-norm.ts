import { noGrad, OptionError, ones, ShapeError, type Tensor, zeros } from "@anneal/tensor";
import { checkProbability, checkSize } from "../../check-options.ts";
import { type BatchStatistics, batchStatistics, normalizeBy, normalizeByBatch } from "../../functional/batch-norm.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface BatchNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
  /** Share of a new batch in the running statistics, 0 to 1; null for their plain mean over all batches. @defaultValue 0.1 */
  readonly momentum?: number | null;
  /** Learn a factor and a shift for each channel. @defaultValue true */
  readonly affine?: boolean;
  /** Learn the shift too. Nothing without `affine`. @defaultValue true */
  readonly bias?: boolean;
  /** Keep running statistics for eval mode; without them eval uses the batch's. @defaultValue true */
  readonly trackRunningStats?: boolean;
}

/** What batch-norms of all dimensions share. */
abstract class BatchNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly #features: number;
  readonly #options: Required<BatchNormOptions>;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, bias = true, trackRunningStats = true } = options;
    const { name } = this.constructor;
    checkSize(name, "numFeatures", numFeatures, 1);
    if (!(eps >= 0)) throw new OptionError(name, `eps is ${eps}`, "Give a number from 0 on.");
    if (momentum !== null) checkProbability(name, "momentum", momentum);
    this.#features = numFeatures;
    this.#options = { eps, momentum, affine, bias: affine && bias, trackRunningStats };
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine && bias ? new Parameter(zeros([numFeatures])) : null;
    if (trackRunningStats) {
      this.registerBuffer("running_mean", zeros([numFeatures]));
      this.registerBuffer("running_var", ones([numFeatures]));
      this.registerBuffer("num_batches_tracked", zeros([], { dtype: "int32" }), { optional: true });
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
    if (count === 1) {
      throw new ShapeError(
        name,
        `x [${x.shape.join(", ")}] has one value per channel, which has no variance`,
        this.training
          ? "Train on larger batches (dropLast in the DataLoader), or call eval()."
          : "Use larger batches, or trackRunningStats.",
      );
    }
    const statistics = batchStatistics(x);
    if (this.training && runningMean && runningVar) this.#track(statistics, runningMean, runningVar, count);
    return normalizeByBatch(x, statistics, weight, bias, eps);
  }

  #track({ mean, variance }: BatchStatistics, runningMean: Tensor, runningVar: Tensor, count: number): void {
    noGrad(() => {
      const batches = this.buffer("num_batches_tracked")?.add_(1).realize();
      // Without momentum every batch weighs the same; the count stays on its device.
      const share = this.#options.momentum ?? batches?.to(mean.dtype).reciprocal() ?? 1;
      const unbiased = variance.mul(count / (count - 1));
      runningMean.lerp_(mean, share).realize();
      runningVar.lerp_(unbiased, share).realize();
    });
  }

  protected override extraRepr(): string {
    const { eps, momentum, affine, bias, trackRunningStats } = this.#options;
    return `${this.#features}, { eps: ${eps}, momentum: ${momentum}, affine: ${affine}, bias: ${bias}, trackRunningStats: ${trackRunningStats} }`;
  }
}

/**
 * Batch normalization of [N, C] or [N, C, L].
 *
 * In training by the batch's statistics, which also move the running ones; in eval mode by the running ones.
 *
 * @param numFeatures - C of its input
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} from `forward`, if the batch's statistics are needed and it has one value per channel
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
 * @param numFeatures - C of its input
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html | torch.nn.BatchNorm2d}
 * @example
 * new BatchNorm2d(3).forward(randn([8, 3, 4, 4])).shape; // => [8, 3, 4, 4]
 */
export class BatchNorm2d extends BatchNorm {
  protected override readonly shapes = "[N, C, H, W]";
  protected override takes(ndim: number): boolean {
    return ndim === 4;
  }
}
