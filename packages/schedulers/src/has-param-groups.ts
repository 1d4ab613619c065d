/** One group of parameters as a scheduler sees it: a rate to write, and the rate it started from. */
export interface ScheduledGroup {
  /** The rate in use now. Schedulers write it. */
  lr: number;
  /** The rate before any schedule: the first scheduler writes it, later ones read it. Saved in state dicts as `initial_lr`. */
  initialLr?: number;
  /** Cycled against the rate by CyclicLR and OneCycleLR. */
  momentum?: number;
  /** Where a group has these, the first of them is cycled instead of `momentum`. */
  betas?: readonly number[];
  /** Written by OneCycleLR: the highest rate. */
  maxLr?: number;
  /** Written by OneCycleLR: the last rate. */
  minLr?: number;
  /** Written by CyclicLR and OneCycleLR: the highest momentum. */
  maxMomentum?: number;
  /** Written by CyclicLR and OneCycleLR: the lowest momentum. */
  baseMomentum?: number;
}

/** The least an optimizer must be for its rate to be scheduled: a plain `{ paramGroups: [{ lr: 0.1 }] }` is enough. */
export interface HasParamGroups {
  readonly paramGroups: readonly ScheduledGroup[];
  /** Where there is one, schedulers note when it was called, so that they can warn when the schedule runs ahead of the training. */
  step?(...args: never[]): unknown;
}
