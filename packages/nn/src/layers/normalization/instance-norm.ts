import { ShapeError, type Tensor } from "@anneal/tensor";
import { normalizeByRunning } from "../../functional/batch-norm.ts";
import { normalizeInstances } from "../../functional/instance-norm.ts";
import { ChannelNorm, type ChannelNormOptions } from "./channel-norm.ts";

export interface InstanceNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
  /** Share of a new batch in the running statistics, 0 to 1; null leaves them as they are. @defaultValue 0.1 */
  readonly momentum?: number | null;
  /** Learn a factor and a shift for each channel. @defaultValue false */
  readonly affine?: boolean;
  /** Learn the shift too. Nothing without `affine`. @defaultValue true */
  readonly bias?: boolean;
  /** Keep running statistics, and normalize by them in eval mode. @defaultValue false */
  readonly trackRunningStats?: boolean;
}

const defaults: ChannelNormOptions = { eps: 1e-5, momentum: 0.1, affine: false, bias: true, trackRunningStats: false };

/** What instance-norms of all dimensions share. */
abstract class InstanceNorm extends ChannelNorm {
  #warned = false;

  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(numFeatures, options, defaults);
  }

  /** Names of a sample's dimensions, for messages: C and those its statistics run over. */
  protected abstract readonly sizes: readonly string[];

  /** @param x - [N, C, ...] or [C, ...] @returns the same shape */
  forward(x: Tensor): Tensor {
    const rank = this.sizes.length;
    const unbatched = x.ndim === rank;
    if (!unbatched && x.ndim !== rank + 1) throw this.#misfit(x);
    const batch = unbatched ? x.unsqueeze(0) : x;
    if (batch.shape[1] !== this.features) this.#checkUse(x, batch.shape[1] as number);
    const { running, affine, training, options } = this;
    const y =
      running && !training
        ? normalizeByRunning(batch, running, affine)
        : normalizeInstances(this.constructor.name, batch, running, affine, options.momentum ?? 0);
    return unbatched ? y.squeeze(0) : y;
  }

  /** Without a weight, a bias or statistics nothing depends on the number of channels: PyTorch warns, and so do we. */
  #checkUse(x: Tensor, channels: number): void {
    if (this.weight || this.running) throw this.#misfit(x);
    if (this.#warned) return;
    this.#warned = true;
    const { name } = this.constructor;
    console.warn(
      `${name}: x [${x.shape.join(", ")}] has ${channels} channels, the layer was made for ${this.features}. ` +
        `Make it ${name}(${channels}).`,
    );
  }

  #misfit(x: Tensor): ShapeError {
    const sizes = this.sizes.join(", ");
    return new ShapeError(
      this.constructor.name,
      `x has the shape [${x.shape.join(", ")}]`,
      `It takes [N, ${sizes}] or [${sizes}] with C = ${this.features}.`,
    );
  }
}

/**
 * Instance normalization of [N, C, L] or [C, L]: each channel of each sample by its own mean and variance.
 *
 * With `trackRunningStats`, eval mode normalizes by running statistics instead.
 *
 * @param numFeatures - C of its input
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} from `forward`, if a channel of a sample has one value, which has no variance
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html | torch.nn.InstanceNorm1d}
 * @example
 * new InstanceNorm1d(3).forward(randn([8, 3, 5])).shape; // => [8, 3, 5]
 */
export class InstanceNorm1d extends InstanceNorm {
  protected override readonly sizes = ["C", "L"];
}

/**
 * Instance normalization of [N, C, H, W] or [C, H, W]. See {@link InstanceNorm1d}.
 *
 * @param numFeatures - C of its input
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html | torch.nn.InstanceNorm2d}
 * @example
 * new InstanceNorm2d(3).forward(randn([8, 3, 4, 4])).shape; // => [8, 3, 4, 4]
 */
export class InstanceNorm2d extends InstanceNorm {
  protected override readonly sizes = ["C", "H", "W"];
}

/**
 * Instance normalization of [N, C, D, H, W] or [C, D, H, W]. See {@link InstanceNorm1d}.
 *
 * @param numFeatures - C of its input
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html | torch.nn.InstanceNorm3d}
 * @example
 * new InstanceNorm3d(3).forward(randn([2, 3, 4, 4, 4])).shape; // => [2, 3, 4, 4, 4]
 */
export class InstanceNorm3d extends InstanceNorm {
  protected override readonly sizes = ["C", "D", "H", "W"];
}
