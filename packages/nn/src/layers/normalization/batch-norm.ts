import { type DType, noGrad, ShapeError, type Tensor } from "@anneal/tensor";
import { checkProbability } from "../../check-options.ts";
import { batchNormInTraining, checkVariance, normalizeByRunning } from "../../functional/batch-norm.ts";
import { ChannelNorm, type ChannelNormOptions } from "./channel-norm.ts";

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

const defaults: ChannelNormOptions = { eps: 1e-5, momentum: 0.1, affine: true, bias: true, trackRunningStats: true };

/** What batch-norms of all dimensions share. */
abstract class BatchNorm extends ChannelNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, options, defaults);
  }

  /** Shapes it takes, for messages. */
  protected abstract readonly shapes: string;
  protected abstract takes(ndim: number): boolean;

  /** Share of a new batch in the running statistics, 0 to 1; null for their plain mean over all batches. */
  get momentum(): number | null {
    return this.options.momentum;
  }

  set momentum(momentum: number | null) {
    if (momentum !== null) checkProbability(this.constructor.name, "momentum", momentum);
    this.options = { ...this.options, momentum };
  }

  /** Batches that the running statistics have seen, a scalar, or null. */
  get numBatchesTracked(): Tensor | null {
    return this.buffer("num_batches_tracked");
  }

  /** Forget the running statistics: mean 0, variance 1, no batch seen. */
  resetRunningStats(): void {
    this.runningMean?.zero_().realize();
    this.runningVar?.fill_(1).realize();
    this.numBatchesTracked?.zero_().realize();
  }

  /** @param x - [N, C, ...] @returns the same shape */
  forward(x: Tensor): Tensor {
    const { name } = this.constructor;
    if (!this.takes(x.ndim) || x.shape[1] !== this.features) {
      throw new ShapeError(
        name,
        `x has the shape [${x.shape.join(", ")}]`,
        `It takes ${this.shapes} with C = ${this.features}.`,
      );
    }
    const { running, affine, training } = this;
    if (!training && running) return normalizeByRunning(x, running, affine);
    const mend = training
      ? "Train on larger batches (dropLast in the DataLoader), or call eval()."
      : "Use larger batches, or trackRunningStats.";
    checkVariance(name, x, mend);
    return batchNormInTraining(x, running, affine, running ? this.#shareOfBatch(running.mean.dtype) : 0);
  }

  /** Of one more batch in the running statistics. */
  #shareOfBatch(dtype: DType): number | Tensor {
    const batches = noGrad(() => this.numBatchesTracked?.add_(1).realize());
    // Without momentum every batch weighs the same; the count stays on its device.
    return this.options.momentum ?? batches?.to(dtype).reciprocal() ?? 1;
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

/**
 * Batch normalization of [N, C, D, H, W]. See {@link BatchNorm1d}.
 *
 * @param numFeatures - C of its input
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html | torch.nn.BatchNorm3d}
 * @example
 * new BatchNorm3d(3).forward(randn([2, 3, 4, 4, 4])).shape; // => [2, 3, 4, 4, 4]
 */
export class BatchNorm3d extends BatchNorm {
  protected override readonly shapes = "[N, C, D, H, W]";
  protected override takes(ndim: number): boolean {
    return ndim === 5;
  }
}
