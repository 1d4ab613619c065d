import { completeOptions, type Rows, type Table } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState, withLastEpoch } from "./lr-scheduler.ts";
import {
  type MomentumCycleOptions,
  type MomentumState,
  savedMomentum,
  startMomentum,
  withMomentum,
  writeMomentum,
} from "./momentum-cycle.ts";
import type { Rule } from "./must.ts";
import { anything, callable, count, eachGroup, finite, finites, oneOf, positiveCount } from "./rules.ts";
import { attributesOf, restoreAttributes } from "./saved-function.ts";
import type { Schedule } from "./schedule.ts";
import { valuePerGroup } from "./value-per-group.ts";

export type CyclicMode = "triangular" | "triangular2" | "exp_range";
export type CyclicScaleMode = "cycle" | "iterations";

interface WaveOptions {
  /**
   * Steps from the lowest rate to the highest.
   * @defaultValue 2000
   */
  stepSizeUp?: number;
  /** Steps from the highest rate to the lowest. As many as up, if left out. */
  stepSizeDown?: number | undefined;
  /**
   * How high later cycles go: `"triangular"` all the same, `"triangular2"` half as high as the one before, `"exp_range"` lower by `gamma` at
   * each step.
   * @defaultValue "triangular"
   */
  mode?: CyclicMode;
  /**
   * The base of `"exp_range"`, which scales by `gamma ** step`.
   * @defaultValue 1
   */
  gamma?: number;
  /** How high to go, from 0 to 1, instead of `mode`. */
  scaleFn?: ((x: number) => number) | undefined;
  /**
   * What `scaleFn` is given: the number of the `"cycle"`, from 1, or of the step, `"iterations"`.
   * @defaultValue "cycle"
   */
  scaleMode?: CyclicScaleMode;
}

export interface CyclicScheduleOptions extends WaveOptions {
  /** The lowest rate. */
  baseLr: number;
  /** The highest rate. */
  maxLr: number;
}

export interface CyclicLROptions extends WaveOptions, MomentumCycleOptions {
  /** The lowest rate, for all groups or a list with one for each. */
  baseLr: number | readonly number[];
  /** The highest rate, for all groups or a list with one for each. */
  maxLr: number | readonly number[];
}

const scaleModes: Rule = (value) => oneOf(value, "cycle", "iterations");

const withWave: Table<WaveOptions> = {
  stepSizeUp: [positiveCount, 2000],
  stepSizeDown: [count, undefined],
  mode: [(value) => oneOf(value, "triangular", "triangular2", "exp_range"), "triangular"],
  gamma: [finite, 1],
  scaleFn: [callable, undefined],
  scaleMode: [scaleModes, "cycle"],
};

interface Wave extends Pick<Required<WaveOptions>, "mode" | "gamma" | "scaleFn" | "scaleMode"> {
  totalSize: number;
  /** The part of a cycle that goes up. */
  stepRatio: number;
}

function waveOf({
  stepSizeUp,
  stepSizeDown = stepSizeUp,
  mode,
  gamma,
  scaleFn,
  scaleMode,
}: Required<WaveOptions>): Wave {
  const totalSize = stepSizeUp + stepSizeDown;
  const modeScale = mode === "exp_range" ? "iterations" : "cycle";
  return {
    totalSize,
    stepRatio: stepSizeUp / totalSize,
    mode,
    gamma,
    scaleFn,
    scaleMode: scaleFn ? scaleMode : modeScale,
  };
}

/** How far up the wave is, from 0 to 1. */
function heightAt(step: number, { totalSize, stepRatio, mode, gamma, scaleFn, scaleMode }: Wave): number {
  const cycle = Math.floor(1 + step / totalSize);
  const x = 1 + step / totalSize - cycle;
  const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
  const at = scaleMode === "cycle" ? cycle : step;
  if (scaleFn) return height * scaleFn(at);
  if (mode === "triangular") return height;
  return height * (mode === "triangular2" ? 2 ** (1 - at) : gamma ** at);
}

const between = (low: number, high: number, height: number): number => low + (high - low) * height;

/**
 * Up and down between two rates.
 *
 * `baseLr + (maxLr - baseLr) * height(step)`, where `height` is 0 at the start of each cycle, rises in a line to the cycle's height after
 * `stepSizeUp` steps, and falls back in `stepSizeDown` more
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const schedule = cyclicLR({ baseLr: 1, maxLr: 5, stepSizeUp: 4 });
 * [0, 1, 4, 6, 8].map(schedule); // => [1, 2, 5, 3, 1]
 * @see {@link https://arxiv.org/abs/1506.01186 | Cyclical learning rates, Smith 2017}
 */
export function cyclicLR(options: CyclicScheduleOptions): Schedule {
  const fields = completeOptions("cyclicLR", options, { baseLr: [finite], maxLr: [finite], ...withWave });
  const wave = waveOf(fields);
  return (step) => between(fields.baseLr, fields.maxLr, heightAt(step, wave));
}

export interface CyclicLRState extends LRSchedulerState, MomentumState {
  max_lrs: number[];
  /** Steps of a cycle. */
  total_size: number;
  /** The part of them that goes up. */
  step_ratio: number;
  mode: CyclicMode;
  gamma: number;
  scale_mode: CyclicScaleMode;
  base_momentums?: number[];
  max_momentums?: number[];
  /** `null`, or what was assigned to `scaleFn`. The function itself is not saved. */
  _scale_fn_custom: object | null;
}

const saved: Rows = {
  maxLrs: [finites],
  totalSize: [positiveCount],
  stepRatio: [finite],
  mode: [anything],
  gamma: [finite],
  scaleMode: [scaleModes],
  _scaleFnCustom: [anything],
};

const savedBounds: Rows = { baseMomentums: [finites], maxMomentums: [finites] };

/**
 * Each group's rate up and down between two rates at each batch, and its momentum down and up; overwrites what other schedulers did.
 *
 * Step it after each batch. A new run starts each group at `baseLr` and `maxMomentum`.
 *
 * @throws {OptionError} if an option is not what it must be, or there is no momentum to cycle
 * @example
 * const group = { lr: 0.1, momentum: 0.9 };
 * const scheduler = new CyclicLR({ paramGroups: [group] }, { baseLr: 0.01, maxLr: 0.05, stepSizeUp: 2 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.03]
 * group.momentum; // => 0.85
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html}
 */
export class CyclicLR extends LRScheduler<object, CyclicLRState> {
  declare maxLrs: number[];
  declare totalSize: number;
  declare stepRatio: number;
  declare mode: CyclicMode;
  declare gamma: number;
  declare scaleFn: ((x: number) => number) | undefined;
  declare scaleMode: CyclicScaleMode;
  declare cycleMomentum: boolean;
  declare useBeta1?: boolean;
  declare baseMomentums?: number[];
  declare maxMomentums?: number[];

  constructor(optimizer: HasParamGroups, options: CyclicLROptions & LRSchedulerOptions) {
    const fields = completeOptions("CyclicLR", options, {
      baseLr: [eachGroup(finite)],
      maxLr: [eachGroup(finite)],
      ...withWave,
      ...withMomentum(0.8, 0.9),
      ...withLastEpoch,
    });
    const { lastEpoch } = fields;
    const baseLrs = valuePerGroup("CyclicLR", "baseLr", fields.baseLr, optimizer);
    const maxLrs = valuePerGroup("CyclicLR", "maxLr", fields.maxLr, optimizer);
    const momentum = startMomentum("CyclicLR", optimizer, fields);
    if (lastEpoch < 0) {
      optimizer.paramGroups.forEach((group, index) => {
        group.lr = baseLrs[index] ?? group.lr;
      });
    }
    super(
      "CyclicLR",
      optimizer,
      { lastEpoch },
      {},
      { ...saved, ...savedMomentum(momentum.cycleMomentum, savedBounds) },
    );
    Object.assign(this, { baseLrs, maxLrs }, waveOf(fields), momentum);
    this.initialStep();
  }

  protected get _scaleFnCustom(): object | null {
    return this.scaleFn ? attributesOf(this.scaleFn) : null;
  }

  protected set _scaleFnCustom(attributes: object | null) {
    if (this.scaleFn) restoreAttributes(this.scaleFn, attributes);
  }

  protected lrAt(base: number, epoch: number, index: number): number {
    return between(base, this.maxLrs[index] ?? Number.NaN, heightAt(epoch, this));
  }

  protected override written(): void {
    const { baseMomentums = [], maxMomentums = [] } = this;
    const height = heightAt(this.lastEpoch, this);
    this.optimizer.paramGroups.forEach((group, index) => {
      const [low, high] = [baseMomentums[index], maxMomentums[index]];
      if (low !== undefined && high !== undefined) writeMomentum(group, between(high, low, height));
    });
  }
}
