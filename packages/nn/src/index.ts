export type { Pair } from "./check-options.ts";
export type { AlphaDropoutOptions } from "./functional/alpha-dropout.ts";
export type { DropoutOptions } from "./functional/dropout.ts";
export * as functional from "./functional/index.ts";
export type { CrossEntropyOptions, NllOptions, Reduction } from "./functional/losses/cross-entropy.ts";
export type { RReLUOptions } from "./functional/rrelu.ts";
export type { ShrinkOptions } from "./functional/shrink.ts";
export { CELU, ELU, SELU } from "./layers/activations/elu.ts";
export { GELU, type GELUOptions } from "./layers/activations/gelu.ts";
export { GLU } from "./layers/activations/glu.ts";
export { LeakyReLU, type LeakyReLUOptions } from "./layers/activations/leaky-relu.ts";
export { PReLU, type PReLUOptions } from "./layers/activations/prelu.ts";
export { ReLU, ReLU6 } from "./layers/activations/relu.ts";
export { RReLU } from "./layers/activations/rrelu.ts";
export { Hardshrink, Softshrink, Tanhshrink } from "./layers/activations/shrink.ts";
export { Hardsigmoid, LogSigmoid, Sigmoid } from "./layers/activations/sigmoid.ts";
export { LogSoftmax, Softmax, Softmax2d, Softmin } from "./layers/activations/softmax.ts";
export { Softplus, type SoftplusOptions } from "./layers/activations/softplus.ts";
export { Hardswish, Mish, SiLU } from "./layers/activations/swish.ts";
export { Hardtanh, type HardtanhOptions, Softsign, Tanh } from "./layers/activations/tanh.ts";
export { Threshold } from "./layers/activations/threshold.ts";
export type { Entries } from "./layers/containers/keyed.ts";
export { ModuleDict } from "./layers/containers/module-dict.ts";
export { ModuleList } from "./layers/containers/module-list.ts";
export { ParameterDict } from "./layers/containers/parameter-dict.ts";
export { ParameterList } from "./layers/containers/parameter-list.ts";
export { Sequential } from "./layers/containers/sequential.ts";
export { Conv2d, type Conv2dOptions } from "./layers/convolution/conv2d.ts";
export { AlphaDropout, FeatureAlphaDropout } from "./layers/dropout/alpha-dropout.ts";
export { Dropout, Dropout1d, Dropout2d, Dropout3d } from "./layers/dropout/dropout.ts";
export { Bilinear, type BilinearOptions } from "./layers/linear/bilinear.ts";
export { Identity } from "./layers/linear/identity.ts";
export { Linear, type LinearOptions } from "./layers/linear/linear.ts";
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from "./layers/normalization/batch-norm.ts";
export { MaxPool2d, type MaxPool2dOptions } from "./layers/pooling/max-pool2d.ts";
export { CircularPad1d, CircularPad2d, CircularPad3d } from "./layers/shape/circular-pad.ts";
export { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./layers/shape/constant-pad.ts";
export { Flatten, type FlattenOptions } from "./layers/shape/flatten.ts";
export type { Sides1d, Sides2d, Sides3d } from "./layers/shape/padding.ts";
export { PixelShuffle, PixelUnshuffle } from "./layers/shape/pixel-shuffle.ts";
export { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./layers/shape/reflection-pad.ts";
export { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./layers/shape/replication-pad.ts";
export { Unflatten } from "./layers/shape/unflatten.ts";
export { Upsample } from "./layers/shape/upsample.ts";
export { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./layers/shape/zero-pad.ts";
export { CrossEntropyLoss } from "./losses/cross-entropy-loss.ts";
export { NLLLoss } from "./losses/nll-loss.ts";
export type { ModeMark } from "./module/eval-warning.ts";
export { evaluate, evaluating } from "./module/evaluate.ts";
export type {
  ForwardHook,
  ForwardPreHook,
  FullBackwardHook,
  FullBackwardPreHook,
  Gradients,
  HookHandle,
  HookOptions,
} from "./module/hooks.ts";
export { type BufferOptions, type Layer, type MembersOptions, Module } from "./module/module.ts";
export { Parameter } from "./module/parameter.ts";
export type { LoadOptions, LoadResult, StateDict, StateSource, StateValue } from "./module/state-dict.ts";
export { ModelSummary, type SummaryRow } from "./summary/model-summary.ts";
export { type SummaryInput, type SummaryOptions, summary } from "./summary/summary.ts";
