export type { Averageable, AverageableModel, AverageableTensor, NumberArray, NumbersOf } from "./averageable.ts";
export {
  AveragedModel,
  type AveragedModelOptions,
  type AveragedStateDict,
  type ForwardOf,
  type SwapGuard,
} from "./averaged-model.ts";
export type { AnyAvgFn, AnyMultiAvgFn, AvgFn, MultiAvgFn } from "./averaging/avg-fn.ts";
export { type EmaOptions, getEmaAvgFn, getEmaMultiAvgFn } from "./averaging/ema.ts";
export { getSwaAvgFn, getSwaMultiAvgFn } from "./averaging/swa.ts";
export type { BatchNormLike, NormalizedModel } from "./batch-norm/batch-norm-like.ts";
export { type UpdateBnOptions, updateBn } from "./batch-norm/update-bn.ts";
export type {
  AveragedLoadOptions,
  AveragedLoadResult,
  AveragedStateSource,
  SavedCount,
} from "./load-averages.ts";
export {
  type AnnealingOptions,
  type AnnealStrategy,
  SWALR,
  type SWALROptions,
  type SWALRScheduleOptions,
  type SWALRState,
  swaLR,
} from "./swa-lr.ts";
