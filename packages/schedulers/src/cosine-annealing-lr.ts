import type { HasParamGroups } from "./has-param-groups.ts";
import { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
import { OptionError } from "./option-error.ts";
import type { Schedule } from "./schedule.ts";

export interface CosineAnnealingLROptions {
  /** The rate at step 0. */
  lr: number;
  /** Half period, in steps: the rate reaches `etaMin` at step `tMax`. */
  tMax: number;
  /**
   * The lowest rate.
   * @defaultValue 0
   */
  etaMin?: number;
}

/**
 * Cosine annealing without restarts.
 *
 * `etaMin + (lr - etaMin) * (1 + cos(π * step / tMax)) / 2`
 *
 * After `tMax` the curve rises again, as `torch.optim.lr_scheduler.CosineAnnealingLR` does.
 *
 * @throws {OptionError} if `tMax` is not above 0
 * @example
 * const schedule = cosineAnnealingLR({ lr: 0.1, tMax: 100 });
 * schedule(50); // => 0.05
 * @see {@link https://arxiv.org/abs/1608.03983 | SGDR, Loshchilov & Hutter 2017}
 */
export function cosineAnnealingLR({ lr, tMax, etaMin = 0 }: CosineAnnealingLROptions): Schedule {
  checkTMax("cosineAnnealingLR", tMax);
  return (step) => etaMin + ((lr - etaMin) * (1 + Math.cos((Math.PI * step) / tMax))) / 2;
}

export interface CosineAnnealingLRState extends LRSchedulerState {
  T_max: number;
  eta_min: number;
}

/**
 * Cosine annealing without restarts, chainable: each step multiplies the rate it finds by the ratio of two points of the curve.
 *
 * @throws {OptionError} if `tMax` is not above 0
 * @example
 * const optimizer = { paramGroups: [{ lr: 0.1 }] };
 * const scheduler = new CosineAnnealingLR(optimizer, { tMax: 2 });
 * scheduler.step();
 * scheduler.getLastLr(); // => [0.05]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html}
 */
export class CosineAnnealingLR extends LRScheduler {
  tMax: number;
  etaMin: number;

  constructor(
    optimizer: HasParamGroups,
    { tMax, etaMin = 0, ...base }: Omit<CosineAnnealingLROptions, "lr"> & LRSchedulerOptions,
  ) {
    checkTMax("CosineAnnealingLR", tMax);
    super(optimizer, base);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.initialStep();
  }

  protected nextLrs(): number[] {
    const { lastEpoch: epoch, tMax, etaMin } = this;
    const groups = this.optimizer.paramGroups;
    if (this.isInitial) return groups.map(({ lr }) => lr);
    if (this.stepCount === 1 && epoch > 0) return this.closedFormLrs();
    // The ratio below divides by zero one step after the bottom of the curve, so that step adds what the curve rises by.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
      const rise = (1 - Math.cos(Math.PI / tMax)) / 2;
      return this.baseLrs.map((base, index) => (groups[index]?.lr ?? Number.NaN) + (base - etaMin) * rise);
    }
    const ratio = (1 + Math.cos((Math.PI * epoch) / tMax)) / (1 + Math.cos((Math.PI * (epoch - 1)) / tMax));
    return groups.map(({ lr }) => ratio * (lr - etaMin) + etaMin);
  }

  override closedFormLrs(): number[] {
    const { tMax, etaMin } = this;
    return this.baseLrs.map((lr) => cosineAnnealingLR({ lr, tMax, etaMin })(this.lastEpoch));
  }

  stateDict(): CosineAnnealingLRState {
    return { T_max: this.tMax, eta_min: this.etaMin, ...this.commonState() };
  }

  loadStateDict(state: Partial<CosineAnnealingLRState>): void {
    const tMax = this.saved(state, "T_max", this.tMax);
    const etaMin = this.saved(state, "eta_min", this.etaMin);
    checkTMax("CosineAnnealingLR.loadStateDict", tMax);
    this.loadCommonState(state);
    this.tMax = tMax;
    this.etaMin = etaMin;
  }
}

function checkTMax(where: string, tMax: number): void {
  if (!(tMax > 0)) throw new OptionError(where, "tMax", "above 0 steps", tMax);
}
