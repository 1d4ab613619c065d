import { ones, type Tensor, zeros } from "@anneal/tensor";
import {
  checkNumber,
  checkProbability,
  checkSize,
  shownArguments,
  shownOptions,
  withDefaults,
} from "../../check-options.ts";
import type { RunningStatistics } from "../../functional/batch-norm.ts";
import type { Affine } from "../../functional/standardize.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface ChannelNormOptions {
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly bias: boolean;
  readonly trackRunningStats: boolean;
}

/** What batch-norms and instance-norms of all dimensions share: a weight and a bias for each channel, and running statistics. */
export abstract class ChannelNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  /** @internal */
  protected readonly features: number;
  /** @internal */
  protected options: ChannelNormOptions;
  readonly #defaults: ChannelNormOptions;

  constructor(numFeatures: number, options: Partial<ChannelNormOptions>, defaults: ChannelNormOptions) {
    super();
    const { eps, momentum, affine, bias, trackRunningStats } = withDefaults(defaults, options);
    const { name } = this.constructor;
    checkSize(name, "numFeatures", numFeatures, 1);
    checkNumber(name, "eps", eps, { from: 0 });
    if (momentum !== null) checkProbability(name, "momentum", momentum);
    this.features = numFeatures;
    this.options = { eps, momentum, affine, bias, trackRunningStats };
    this.#defaults = defaults;
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine && bias ? new Parameter(zeros([numFeatures])) : null;
    if (trackRunningStats) {
      this.registerBuffer("running_mean", zeros([numFeatures]));
      this.registerBuffer("running_var", ones([numFeatures]));
      this.registerBuffer("num_batches_tracked", zeros([], { dtype: "int32" }), { optional: true });
    }
  }

  /** Running mean of each channel, [C], or null. */
  get runningMean(): Tensor | null {
    return this.buffer("running_mean");
  }

  /** Running variance (with correction) of each channel, [C], or null. */
  get runningVar(): Tensor | null {
    return this.buffer("running_var");
  }

  /** @internal */
  protected get running(): RunningStatistics | null {
    const { runningMean: mean, runningVar: variance } = this;
    return mean && variance && { mean, variance };
  }

  /** @internal */
  protected get affine(): Affine {
    return { weight: this.weight, bias: this.bias, eps: this.options.eps };
  }

  protected override extraRepr(): string {
    return shownArguments(String(this.features), shownOptions(this.options, this.#defaults));
  }
}
