import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { OptionError } from "./option-error.ts";
import type { Schedule } from "./schedule.ts";

export interface StepLROptions {
  /** The rate at step 0. */
  lr: number;
  /** Steps between two decays. */
  stepSize: number;
  /**
   * What the rate is multiplied by at each decay.
   * @defaultValue 0.1
   */
  gamma?: number;
}

/**
 * Decay by `gamma` every `stepSize` steps.
 *
 * `lr * gamma ** floor(step / stepSize)`
 *
 * @throws {OptionError} if `stepSize` is not a whole number above 0
 * @example
 * const schedule = stepLR({ lr: 0.1, stepSize: 30 });
 * schedule(29); // => 0.1
 * schedule(30); // => 0.01
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html}
 */
export function stepLR({ lr, stepSize, gamma = 0.1 }: StepLROptions): Schedule {
  checkStepSize("stepLR", stepSize);
  return (step) => lr * gamma ** Math.floor(step / stepSize);
}

export interface StepLRState extends LRSchedulerState {
  step_size: number;
  gamma: number;
}

/**
 * Decay each group's rate by `gamma` every `stepSize` epochs, whatever else changes it in between.
 *
 * @throws {OptionError} if `stepSize` is not a whole number above 0
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new StepLR(optimizer, { stepSize: 2 });
 * scheduler.step();
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.01]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html}
 */
export class StepLR extends LRScheduler {
  stepSize: number;
  gamma: number;

  constructor(
    optimizer: HasParamGroups,
    { stepSize, gamma = 0.1, ...base }: Omit<StepLROptions, "lr"> & LRSchedulerOptions,
  ) {
    checkStepSize("StepLR", stepSize);
    super(optimizer, base);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.initialStep();
  }

  protected nextLrs(): number[] {
    const keep = this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0;
    return this.optimizer.paramGroups.map(({ lr }) => (keep ? lr : lr * this.gamma));
  }

  override closedFormLrs(): number[] {
    const { stepSize, gamma } = this;
    return this.baseLrs.map((lr) => stepLR({ lr, stepSize, gamma })(this.lastEpoch));
  }

  stateDict(): StepLRState {
    return { step_size: this.stepSize, gamma: this.gamma, ...this.commonState() };
  }

  loadStateDict(state: Partial<StepLRState>): void {
    const stepSize = this.saved(state, "step_size", this.stepSize);
    const gamma = this.saved(state, "gamma", this.gamma);
    checkStepSize("StepLR.loadStateDict", stepSize);
    this.loadCommonState(state);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }
}

function checkStepSize(where: string, stepSize: number): void {
  if (!(Number.isInteger(stepSize) && stepSize > 0)) {
    throw new OptionError(where, "stepSize", "a whole number of steps above 0", stepSize);
  }
}
