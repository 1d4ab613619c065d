export { ChainedScheduler, type ChainedSchedulerOptions, type ChainedSchedulerState } from "./chained-scheduler.ts";
export { multiply } from "./combine/multiply.ts";
export { sequence } from "./combine/sequence.ts";
export { type WarmupOptions, warmup } from "./combine/warmup.ts";
export { completeOptions, type Rows, type Table } from "./complete-options.ts";
export { ConstantLR, type ConstantLROptions, type ConstantLRState, constantLR } from "./constant-lr.ts";
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  type CosineAnnealingLRState,
  cosineAnnealingLR,
} from "./cosine-annealing-lr.ts";
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
  type CosineAnnealingWarmRestartsState,
  cosineAnnealingWarmRestarts,
} from "./cosine-annealing-warm-restarts.ts";
export {
  CyclicLR,
  type CyclicLROptions,
  type CyclicLRState,
  type CyclicMode,
  type CyclicScaleMode,
  type CyclicScheduleOptions,
  cyclicLR,
} from "./cyclic-lr.ts";
export { ExponentialLR, type ExponentialLROptions, type ExponentialLRState, exponentialLR } from "./exponential-lr.ts";
export type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
export { InverseSqrtLR, type InverseSqrtLROptions, type InverseSqrtLRState, inverseSqrtLR } from "./inverse-sqrt-lr.ts";
export { LambdaLR, lambdaLR } from "./lambda-lr.ts";
export { LinearLR, type LinearLROptions, type LinearLRState, linearLR } from "./linear-lr.ts";
export type { LrLambda, LrLambdaOptions, LrLambdaState } from "./lr-lambda.ts";
export { LRScheduler, type LRSchedulerOptions, type LRSchedulerState } from "./lr-scheduler.ts";
export {
  type MilestoneCounts,
  MultiStepLR,
  type MultiStepLROptions,
  type MultiStepLRState,
  multiStepLR,
} from "./multi-step-lr.ts";
export { MultiplicativeLR, multiplicativeLR } from "./multiplicative-lr.ts";
export type { Rule } from "./must.ts";
export {
  type OneCycleAnnealStrategy,
  OneCycleLR,
  type OneCycleLROptions,
  type OneCycleLRState,
  type OneCyclePhase,
  type OneCycleScheduleOptions,
  oneCycleLR,
} from "./one-cycle-lr.ts";
export { OptionError } from "./option-error.ts";
export { type PlotScheduleOptions, type Plottable, plotSchedule } from "./plot/plot-schedule.ts";
export { PolynomialLR, type PolynomialLROptions, type PolynomialLRState, polynomialLR } from "./polynomial-lr.ts";
export {
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type ReduceLROnPlateauState,
} from "./reduce-lr-on-plateau.ts";
export type { Schedule, ScheduleOptions } from "./schedule.ts";
export type { Scheduler } from "./scheduler.ts";
export { SequentialLR, type SequentialLROptions, type SequentialLRState } from "./sequential-lr.ts";
export { StepLR, type StepLROptions, type StepLRState, stepLR } from "./step-lr.ts";
export {
  WarmupCosineLR,
  type WarmupCosineLROptions,
  type WarmupCosineLRState,
  warmupCosineLR,
} from "./warmup-cosine-lr.ts";
export { type WSDAnnealStrategy, WSDLR, type WSDLROptions, type WSDLRState, wsdLR } from "./wsd-lr.ts";
