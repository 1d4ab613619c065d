export { bytesPerElement, type DType, type ScalarType, scalarOf } from "./dtype.ts";
export { DeviceError, DTypeError } from "./errors.ts";
export type { Expr } from "./expr.ts";
export * as expr from "./expr.ts";
export type { TypedArray } from "./js/arrays.ts";
export { compileJs } from "./js/compile.ts";
export { printJs } from "./js/print.ts";
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
export { type Rule, type RuleUpdate, ruleKernel } from "./rule.ts";
