export type { Pair } from "./check-options.ts";
export { type BatchStatistics, batchStatistics } from "./functional/batch-norm.ts";
export {
  type CrossEntropyOptions,
  crossEntropy,
  type NllOptions,
  nllLoss,
  type Reduction,
} from "./functional/cross-entropy.ts";
export { type DropoutOptions, dropout } from "./functional/dropout.ts";
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from "./layers/batch-norm.ts";
export { Conv2d, type Conv2dOptions } from "./layers/conv2d.ts";
export { Dropout } from "./layers/dropout.ts";
export { Flatten, type FlattenOptions } from "./layers/flatten.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { MaxPool2d, type MaxPool2dOptions } from "./layers/max-pool2d.ts";
export { ReLU } from "./layers/relu.ts";
export { Sequential } from "./layers/sequential.ts";
export { CrossEntropyLoss } from "./losses/cross-entropy-loss.ts";
export type { ModeMark } from "./module/eval-warning.ts";
export { evaluate, evaluating } from "./module/evaluate.ts";
export { type Layer, Module } from "./module/module.ts";
export { Parameter } from "./module/parameter.ts";
export type { LoadResult, StateDict, StateSource, StateValue } from "./module/state-dict.ts";
