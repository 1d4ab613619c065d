export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  type CosineAnnealingLRState,
  cosineAnnealingLR,
} from "./cosine-annealing-lr.ts";
export type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
export { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
export { OptionError } from "./option-error.ts";
export type { Schedule } from "./schedule.ts";
export { StepLR, type StepLROptions, type StepLRState, stepLR } from "./step-lr.ts";
