export type { DType, Rule } from "@anneal/kernel";
export { type BackwardOptions, grad } from "./autograd/backward.ts";
export type { GivenRowGradient } from "./autograd/given-gradient.ts";
export { enableGrad, isGradEnabled, noGrad } from "./autograd/grad-mode.ts";
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck.ts";
export { type Backward, type GradFn, record } from "./autograd/graph.ts";
export type { RowGradient } from "./autograd/row-gradient.ts";
export type {
  BufferRange,
  ConvSpec,
  Device,
  DeviceBuffer,
  DeviceInfo,
  MatmulSpec,
  MatrixView,
  SortSpec,
} from "./core/device.ts";
export { DeviceError, DTypeError, FreedError, GradientError, OptionError, ShapeError } from "./core/errors.ts";
export type { Guard } from "./core/nesting.ts";
export type { Shape } from "./core/shape.ts";
export { arange } from "./creation/arange.ts";
export { eye } from "./creation/eye.ts";
export { empty, full, ones, zeros } from "./creation/full.ts";
export { emptyLike, fullLike, onesLike, zerosLike } from "./creation/like.ts";
export { linspace } from "./creation/linspace.ts";
export { type TensorData, type TensorOptions, tensor } from "./creation/tensor.ts";
export { defaultDevice, setDefaultDevice } from "./devices/default-device.ts";
export { wasm } from "./devices/wasm/wasm.ts";
export type { WasmOptions } from "./devices/wasm/wasm-device.ts";
export { type MemoryInfo, memory, resetPeakMemory } from "./memory/memory.ts";
export { keep, openScope, scope } from "./memory/scope.ts";
export * from "./methods.ts";
export type { AdaptiveSize } from "./ops/adaptive-pool.ts";
export type { AvgPoolOptions } from "./ops/avg-pool.ts";
export type { ClampBounds } from "./ops/clamp.ts";
export type { ConvOptions } from "./ops/conv.ts";
export type { ConvTransposeOptions } from "./ops/conv-transpose.ts";
export { einsum } from "./ops/einsum.ts";
export type { AlphaOption } from "./ops/elu.ts";
export type { KeepdimOption, ValuesAndIndices } from "./ops/extremes.ts";
export type { SliceRange } from "./ops/indexing.ts";
export type { InterpolateOptions } from "./ops/interpolate.ts";
export { cat, stack } from "./ops/joining.ts";
export type { IndicesOption, MaxPoolOptions, MaxPoolResult } from "./ops/max-pool.ts";
export type { MaxUnpoolOptions } from "./ops/max-unpool.ts";
export type { NormOptions } from "./ops/norm.ts";
export type { PadOptions } from "./ops/pad.ts";
export type { SoftmaxOptions } from "./ops/softmax.ts";
export type { SortOptions, TopkOptions } from "./ops/sort.ts";
export type { VarianceOptions } from "./ops/variance.ts";
export { where } from "./ops/where.ts";
export type { TensorOperations } from "./optimizing/operations.ts";
export type { Operand } from "./primitives/pointwise.ts";
export { bernoulli, type GeneratorOption } from "./random/bernoulli.ts";
export type { RandomOptions } from "./random/draw.ts";
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from "./random/generator.ts";
export { randint, randperm } from "./random/integers.ts";
export { randn, randnLike } from "./random/normal.ts";
export { rand, randLike } from "./random/uniform.ts";
export type { NestedArray, TypedArray } from "./reading/read.ts";
export { Tensor } from "./tensor.ts";
