import { chain } from "./chain.ts";
import { completeOptions, type Table, withLr } from "./complete-options.ts";
import { cosine, ramp } from "./easing.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { count, finite, fraction, oneOf } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export type WSDAnnealStrategy = "linear" | "cos" | "1-sqrt";

export interface WSDLROptions {
  /** Steps until the whole rate is reached. */
  warmupSteps: number;
  /** Steps at the whole rate. */
  stableSteps: number;
  /** Steps from the whole rate to the lowest. */
  decaySteps: number;
  /**
   * Where the warm-up starts, from 0 (the lowest rate) to 1 (the whole rate).
   * @defaultValue 0
   */
  startFactor?: number;
  /**
   * The lowest rate.
   * @defaultValue 0
   */
  etaMin?: number;
  /**
   * The way down: in a line, along half a wave of a cosine, or with one less the square root of the part that is done.
   * @defaultValue "linear"
   */
  annealStrategy?: WSDAnnealStrategy;
}

const table: Table<WSDLROptions> = {
  warmupSteps: [count],
  stableSteps: [count],
  decaySteps: [count],
  startFactor: [fraction, 0],
  etaMin: [finite, 0],
  annealStrategy: [(value) => oneOf(value, "linear", "cos", "1-sqrt"), "linear"],
};

function factorAt(step: number, fields: Required<WSDLROptions>): number {
  const { warmupSteps, stableSteps, decaySteps, startFactor, annealStrategy } = fields;
  const decayed = step - warmupSteps - stableSteps;
  if (decayed < 0) return ramp(step, warmupSteps, startFactor);
  const done = ramp(decayed, decaySteps, 0);
  if (annealStrategy === "cos") return cosine(done);
  return 1 - (annealStrategy === "linear" ? done : Math.sqrt(done));
}

/**
 * Warm-up, stable, decay: up in a line, level, and down at the end. Not in PyTorch.
 *
 * `etaMin + (lr - etaMin) * factor(step)`, where `factor` rises from `startFactor` to 1 in `warmupSteps`, stays there for `stableSteps`, and
 * falls to 0 in `decaySteps`: `1 - t`, `(1 + cos(π * t)) / 2` or `1 - sqrt(t)` when the part `t` of them is done
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const schedule = wsdLR({ lr: 0.1, warmupSteps: 2, stableSteps: 5, decaySteps: 4 });
 * [0, 1, 2, 7, 9, 11, 12].map(schedule); // => [0, 0.05, 0.1, 0.1, 0.05, 0, 0]
 * @see {@link https://arxiv.org/abs/2404.06395 | MiniCPM, Hu et al. 2024}
 * @see {@link https://arxiv.org/abs/2405.18392 | Scaling laws and compute-optimal training beyond fixed training durations, Hägele et al. 2024}
 */
export function wsdLR(options: ScheduleOptions<WSDLROptions>): Schedule {
  const fields = completeOptions("wsdLR", options, { ...table, ...withLr });
  return (step) => fields.etaMin + (fields.lr - fields.etaMin) * factorAt(step, fields);
}

export interface WSDLRState extends LRSchedulerState {
  warmup_steps: number;
  stable_steps: number;
  decay_steps: number;
  start_factor: number;
  eta_min: number;
  anneal_strategy: WSDAnnealStrategy;
}

/**
 * Warm-up, stable, decay: up in a line, level, and down at the end, whatever else changes the rate in between. Not in PyTorch.
 *
 * @throws {OptionError} if an option is not what it must be
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new WSDLR(optimizer, { warmupSteps: 2, stableSteps: 5, decaySteps: 4 });
 * scheduler.seek(9);
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://arxiv.org/abs/2404.06395 | MiniCPM, Hu et al. 2024}
 */
export class WSDLR extends LRScheduler<WSDLROptions, WSDLRState> {
  declare warmupSteps: number;
  declare stableSteps: number;
  declare decaySteps: number;
  declare startFactor: number;
  declare etaMin: number;
  declare annealStrategy: WSDAnnealStrategy;

  constructor(optimizer: HasParamGroups, options: WSDLROptions & LRSchedulerOptions) {
    super("WSDLR", optimizer, options, table);
    this.initialStep();
  }

  protected override nextLr(lr: number, epoch: number, index: number): number {
    return chain(lr, this.baseLrs[index], epoch, (step) => factorAt(step, this), this.etaMin);
  }

  protected lrAt(base: number, epoch: number): number {
    return this.etaMin + (base - this.etaMin) * factorAt(epoch, this);
  }
}
