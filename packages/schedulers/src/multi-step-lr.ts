import { completeOptions, type Table, withLr } from "./complete-options.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import type { Rule } from "./must.ts";
import { count, finite, listOf } from "./rules.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface MultiStepLROptions {
  /** The steps at which the rate decays, in any order. One that is there twice decays it twice. */
  milestones: readonly number[];
  /**
   * What the rate is multiplied by at each milestone.
   * @defaultValue 0.1
   */
  gamma?: number;
}

const isMilestones: Rule = (value) => listOf(count)(value);

const table: Table<MultiStepLROptions> = { milestones: [isMilestones], gamma: [finite, 0.1] };

/**
 * Decay by `gamma` at each milestone.
 *
 * `lr * gamma ** (the number of milestones up to step)`
 *
 * @throws {OptionError} if `milestones` is not a list of whole numbers
 * @example
 * const schedule = multiStepLR({ lr: 0.1, milestones: [30, 80] });
 * [29, 30, 80].map(schedule); // => [0.1, 0.01, 0.001]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html}
 */
export function multiStepLR(options: ScheduleOptions<MultiStepLROptions>): Schedule {
  const { lr, gamma, ...fields } = completeOptions("multiStepLR", options, { ...table, ...withLr });
  const milestones = [...fields.milestones];
  return (step) => lr * gamma ** milestones.filter((milestone) => milestone <= step).length;
}

/** How often each milestone is there, as Python's `Counter` has it. */
export type MilestoneCounts = Readonly<Record<string, number>>;

export interface MultiStepLRState extends LRSchedulerState {
  milestones: MilestoneCounts | ReadonlyMap<number, number>;
  gamma: number;
}

type Entries = readonly (readonly [milestone: number, count: number])[];

const entriesOf = (counts: object): Entries =>
  [...(counts instanceof Map ? counts : Object.entries(counts))].map(([milestone, count]) => [
    Number(milestone),
    count,
  ]);

const isCounter: Rule = (value) =>
  !(typeof value === "object" && value && entriesOf(value).flat().every(Number.isInteger)) && "a count for each epoch";

/**
 * Decay each group's rate by `gamma` at each milestone, whatever else changes it in between.
 *
 * @throws {OptionError} if `milestones` is not a list of whole numbers
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new MultiStepLR(optimizer, { milestones: [1, 3] });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.01]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html}
 */
export class MultiStepLR extends LRScheduler<MultiStepLROptions, MultiStepLRState> {
  declare gamma: number;
  /** @internal */
  declare protected _milestones: Entries;

  constructor(optimizer: HasParamGroups, options: MultiStepLROptions & LRSchedulerOptions) {
    super("MultiStepLR", optimizer, options, table, { ...table, milestones: [isCounter] });
    this.initialStep();
  }

  get milestones(): MilestoneCounts {
    const counts: Record<string, number> = {};
    for (const [milestone, count] of this._milestones) counts[milestone] = (counts[milestone] ?? 0) + count;
    return counts;
  }

  set milestones(milestones: readonly number[] | MilestoneCounts | ReadonlyMap<number, number>) {
    this._milestones = Array.isArray(milestones)
      ? milestones.map((milestone: number) => [milestone, 1])
      : entriesOf(milestones);
  }

  protected override nextLr(lr: number, epoch: number): number {
    return lr * this.#decay((milestone) => milestone === epoch);
  }

  protected lrAt(base: number, epoch: number): number {
    return base * this.#decay((milestone) => milestone <= epoch);
  }

  #decay(passes: (milestone: number) => boolean): number {
    return (
      this.gamma ** this._milestones.reduce((sum, [milestone, count]) => (passes(milestone) ? sum + count : sum), 0)
    );
  }
}
