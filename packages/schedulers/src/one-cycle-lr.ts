import { completeOptions, type Rows, type Table } from "./complete-options.ts";
import { cosine } from "./easing.ts";
import type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState, withLastEpoch } from "./lr-scheduler.ts";
import {
  type MomentumCycleOptions,
  type MomentumState,
  savedMomentum,
  startMomentum,
  withMomentum,
  writeMomentum,
} from "./momentum-cycle.ts";
import { must, type Rule } from "./must.ts";
import { eachGroup, finite, flag, fraction, list, oneOf, positiveCount } from "./rules.ts";
import type { Schedule } from "./schedule.ts";
import { valuePerGroup } from "./value-per-group.ts";

interface PhaseOptions {
  /** Steps of the whole cycle. */
  totalSteps?: number | undefined;
  /** Together with `stepsPerEpoch`, instead of `totalSteps`. */
  epochs?: number | undefined;
  /** Together with `epochs`, instead of `totalSteps`. */
  stepsPerEpoch?: number | undefined;
  /**
   * The part of the cycle, from 0 to 1, that raises the rate.
   * @defaultValue 0.3
   */
  pctStart?: number;
  /**
   * The first rate is `maxLr / divFactor`.
   * @defaultValue 25
   */
  divFactor?: number;
  /**
   * The last rate is the first divided by this.
   * @defaultValue 1e4
   */
  finalDivFactor?: number;
  /**
   * Whether the rate first falls as long as it rose, to where it began, and then on to the last.
   * @defaultValue false
   */
  threePhase?: boolean;
  /**
   * The way from rate to rate.
   * @defaultValue "cos"
   */
  annealStrategy?: OneCycleAnnealStrategy;
  /**
   * Whether going past the cycle's `totalSteps` is an error, rather than to stay at the last rate.
   * @defaultValue false
   */
  strict?: boolean;
}

export type OneCycleAnnealStrategy = "cos" | "linear";

export interface OneCycleScheduleOptions extends PhaseOptions {
  /** The highest rate. */
  maxLr: number;
}

export interface OneCycleLROptions extends PhaseOptions, MomentumCycleOptions {
  /** The highest rate, for all groups or a list with one for each. */
  maxLr: number | readonly number[];
}

const strategies: Rule = (value) => oneOf(value, "cos", "linear");

const withPhases: Table<PhaseOptions> = {
  totalSteps: [positiveCount, undefined],
  epochs: [positiveCount, undefined],
  stepsPerEpoch: [positiveCount, undefined],
  pctStart: [fraction, 0.3],
  divFactor: [finite, 25],
  finalDivFactor: [finite, 1e4],
  threePhase: [flag, false],
  annealStrategy: [strategies, "cos"],
  strict: [flag, false],
};

/** A part of the cycle, as PyTorch saves it: until which step, from which value of the group to which. */
export interface OneCyclePhase {
  end_step: number;
  start_lr: "initial_lr" | "max_lr" | "min_lr";
  end_lr: "initial_lr" | "max_lr" | "min_lr";
  start_momentum: "base_momentum" | "max_momentum";
  end_momentum: "base_momentum" | "max_momentum";
}

function stepsOf(where: string, { totalSteps, epochs = 0, stepsPerEpoch = 0 }: PhaseOptions): number {
  return must(where, "totalSteps, or epochs * stepsPerEpoch,", positiveCount, totalSteps ?? epochs * stepsPerEpoch);
}

function phasesOf(totalSteps: number, pctStart: number, threePhase: boolean): OneCyclePhase[] {
  const top = pctStart * totalSteps - 1;
  const rise: OneCyclePhase = {
    end_step: top,
    start_lr: "initial_lr",
    end_lr: "max_lr",
    start_momentum: "max_momentum",
    end_momentum: "base_momentum",
  };
  const fall: OneCyclePhase = {
    end_step: 2 * top,
    start_lr: "max_lr",
    end_lr: "initial_lr",
    start_momentum: "base_momentum",
    end_momentum: "max_momentum",
  };
  const last = { end_step: totalSteps - 1, end_lr: "min_lr", end_momentum: "max_momentum" } as const;
  return threePhase ? [rise, fall, { ...rise, ...last }] : [rise, { ...fall, ...last }];
}

/** Where a rate or a momentum is at a step, on its way from end to end of each phase. After the last step it stays. */
function valueAt(
  step: number,
  phases: readonly OneCyclePhase[],
  strategy: OneCycleAnnealStrategy,
  what: "lr" | "momentum",
  values: Readonly<Record<string, number | undefined>>,
): number {
  const phase = phases.at(phases.findIndex(({ end_step }) => step <= end_step));
  if (!phase) return Number.NaN;
  const begin = phases[phases.indexOf(phase) - 1]?.end_step ?? 0;
  const part = phase.end_step > begin ? Math.min(1, (step - begin) / (phase.end_step - begin)) : 1;
  const start = values[phase[`start_${what}`]] ?? Number.NaN;
  const end = values[phase[`end_${what}`]] ?? Number.NaN;
  return end + (start - end) * (strategy === "cos" ? cosine(part) : 1 - part);
}

/**
 * Up to `maxLr` and down again below where it began, once.
 *
 * From `maxLr / divFactor` at step 0 to `maxLr` at step `pctStart * totalSteps - 1` and on to `maxLr / divFactor / finalDivFactor` at step
 * `totalSteps - 1`, where it stays; each way along half a wave of a cosine, or in a line.
 *
 * @throws {OptionError} if an option is not what it must be, or the number of steps is not given
 * @example
 * const schedule = oneCycleLR({ maxLr: 25, totalSteps: 10, finalDivFactor: 2, annealStrategy: "linear" });
 * [0, 1, 2, 9, 10].map(schedule); // => [1, 13, 25, 0.5, 0.5]
 * @see {@link https://arxiv.org/abs/1708.07120 | Super-convergence, Smith & Topin 2018}
 */
export function oneCycleLR(options: OneCycleScheduleOptions): Schedule {
  const fields = completeOptions("oneCycleLR", options, { maxLr: [finite], ...withPhases });
  const totalSteps = stepsOf("oneCycleLR", fields);
  const phases = phasesOf(totalSteps, fields.pctStart, fields.threePhase);
  const initial = fields.maxLr / fields.divFactor;
  const lrs = { initial_lr: initial, max_lr: fields.maxLr, min_lr: initial / fields.finalDivFactor };
  return (step) => {
    if (fields.strict) refuseStepsPast(totalSteps, "oneCycleLR", step);
    return valueAt(step, phases, fields.annealStrategy, "lr", lrs);
  };
}

function refuseStepsPast(totalSteps: number, where: string, step: number): void {
  must(where, "step", () => step > totalSteps && `at most totalSteps, ${totalSteps}`, step);
}

export interface OneCycleLRState extends LRSchedulerState, MomentumState {
  total_steps: number;
  _schedule_phases: OneCyclePhase[];
  _anneal_func_type: OneCycleAnnealStrategy;
}

const saved: Rows = {
  totalSteps: [positiveCount],
  _schedulePhases: [list],
  _annealFuncType: [strategies],
};

/**
 * Each group's rate up to `maxLr` and down again once, its momentum down and up; stays at the last rate when the cycle is over, unless
 * `strict`. Overwrites what other schedulers did, but not the `initialLr` of one that was there before.
 *
 * Step it after each batch. PyTorch's goes on along the curve for one step after the last (up again, or below 0), fails after that, and
 * divides by 0 if `pctStart * totalSteps` is 1.
 *
 * @throws {OptionError} if an option is not what it must be, the number of steps is not given, or there is no momentum to cycle
 * @example
 * const group = { lr: 0.1, momentum: 0.9 };
 * const scheduler = new OneCycleLR({ paramGroups: [group] }, { maxLr: 0.5, epochs: 2, stepsPerEpoch: 5 });
 * scheduler.getLastLr(); // => [0.02]
 * scheduler.step();
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.5]
 * group.momentum; // => 0.85
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html}
 */
export class OneCycleLR extends LRScheduler<object, OneCycleLRState> {
  declare totalSteps: number;
  declare cycleMomentum: boolean;
  declare useBeta1?: boolean;
  declare strict: boolean;
  declare protected _schedulePhases: OneCyclePhase[];
  declare protected _annealFuncType: OneCycleAnnealStrategy;

  constructor(optimizer: HasParamGroups, options: OneCycleLROptions & LRSchedulerOptions) {
    const fields = completeOptions("OneCycleLR", options, {
      maxLr: [eachGroup(finite)],
      ...withPhases,
      ...withMomentum(0.85, 0.95),
      ...withLastEpoch,
    });
    const { lastEpoch, divFactor, finalDivFactor, strict, annealStrategy } = fields;
    const totalSteps = stepsOf("OneCycleLR", fields);
    const maxLrs = valuePerGroup("OneCycleLR", "maxLr", fields.maxLr, optimizer);
    const { cycleMomentum, useBeta1 } = startMomentum("OneCycleLR", optimizer, fields);
    if (lastEpoch < 0) {
      optimizer.paramGroups.forEach((group, index) => {
        group.maxLr = maxLrs[index] ?? Number.NaN;
        group.minLr = group.maxLr / divFactor / finalDivFactor;
        group.initialLr ??= group.maxLr / divFactor;
      });
    }
    super("OneCycleLR", optimizer, { lastEpoch }, {}, { ...saved, ...savedMomentum(cycleMomentum) });
    Object.assign(this, { totalSteps, cycleMomentum, useBeta1, strict, _annealFuncType: annealStrategy });
    this._schedulePhases = phasesOf(totalSteps, fields.pctStart, fields.threePhase);
    this.baseLrs = optimizer.paramGroups.map(({ maxLr = Number.NaN }) => maxLr / divFactor);
    this.initialStep();
  }

  protected lrAt(base: number, epoch: number, index: number): number {
    if (this.strict) refuseStepsPast(this.totalSteps, "OneCycleLR", epoch);
    const { maxLr, minLr }: Partial<ScheduledGroup> = this.optimizer.paramGroups[index] ?? {};
    const lrs = { initial_lr: base, max_lr: maxLr, min_lr: minLr };
    return valueAt(epoch, this._schedulePhases, this._annealFuncType, "lr", lrs);
  }

  protected override written(): void {
    if (!this.cycleMomentum) return;
    for (const group of this.optimizer.paramGroups) {
      const momentums = { base_momentum: group.baseMomentum, max_momentum: group.maxMomentum };
      const momentum = valueAt(this.lastEpoch, this._schedulePhases, this._annealFuncType, "momentum", momentums);
      writeMomentum(group, momentum);
    }
  }
}
