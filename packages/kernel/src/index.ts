export { bytesPerElement, type DType, type ScalarType, scalarOf } from "./dtype.ts";
export { DeviceError, DTypeError } from "./errors.ts";
export { explain, type Target } from "./explain.ts";
export type { Expr } from "./expr.ts";
export * as expr from "./expr.ts";
export { type Formula, type FormulaReduction, formulaValue } from "./formula.ts";
export type { TypedArray } from "./js/arrays.ts";
export { compileJs } from "./js/compile.ts";
export { printJs } from "./js/print.ts";
export { toFloat16 } from "./js/scalars.ts";
export {
  type Bound,
  type Kernel,
  type KernelInput,
  type KernelOutput,
  type KernelView,
  type Launch,
  type Layout,
  layoutOf,
  type ReduceOp,
  type Reduction,
} from "./kernel.ts";
export { bernoulliAt } from "./random/bernoulli.ts";
export { normalAt } from "./random/normal.ts";
export { type FourWords, philoxWords, type TwoWords } from "./random/philox.ts";
export { randintAt } from "./random/randint.ts";
export { uniformAt } from "./random/uniform.ts";
export type { RandomSource } from "./random/words-at.ts";
export { type Rule, type RuleUpdate, ruleKernel, usesGradient } from "./rule.ts";
export { structureOf } from "./structure.ts";
export { planConv2d } from "./wasm/conv/plan-conv2d.ts";
export type { Conv2dSpec } from "./wasm/conv/spec.ts";
export { hasRelaxedMadd, type WasmTarget } from "./wasm/features.ts";
export type { ElementType } from "./wasm/matmul/element.ts";
export { type MatmulSpec, type MatrixView, planMatmul } from "./wasm/matmul/plan-matmul.ts";
export { moduleBytes } from "./wasm/module-bytes.ts";
export type { Plan, Step } from "./wasm/plan.ts";
export { hostMath } from "./wasm/printer/host-math.ts";
export type { BlockViews } from "./wasm/printer/parameter-block.ts";
export { type PrintWasmOptions, printWasm, type WasmKernel } from "./wasm/printer/print.ts";
export {
  printWgsl,
  type WgslBinding,
  type WgslDispatch,
  type WgslKernel,
  type WgslOptions,
} from "./wgsl/print.ts";
