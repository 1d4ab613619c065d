export { Adadelta, type AdadeltaOptions, type AdadeltaSettings } from "./adadelta.ts";
export { Adafactor, type AdafactorNumbers, type AdafactorOptions, type AdafactorSettings } from "./adafactor.ts";
export { Adagrad, type AdagradOptions, type AdagradSettings } from "./adagrad.ts";
export { Adam, type AdamOptions } from "./adam.ts";
export type { AdamFamilyOptions, AdamNumbers, AdamSettings } from "./adam-update.ts";
export { Adamax, type AdamaxOptions, type AdamaxSettings } from "./adamax.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export {
  AdamWScheduleFree,
  type AdamWScheduleFreeOptions,
  type AdamWScheduleFreeSettings,
  type ScheduleFreeProgress,
} from "./adamw-schedule-free.ts";
export { Adan, type AdanOptions, type AdanSettings } from "./adan.ts";
export { type ArrayParameter, arrayParameter, type SavedArray } from "./array-parameter.ts";
export type { FloatArray } from "./array-shape.ts";
export { ASGD, type ASGDNumbers, type ASGDOptions, type ASGDSettings } from "./asgd.ts";
export { defineFormula, type FormulaDefinition } from "./define-formula.ts";
export { defineRule, type RuleDefinition } from "./define-rule.ts";
export type { HookHandle } from "./hooks.ts";
export { LAMB, type LAMBNumbers, type LAMBOptions, type LAMBSettings } from "./lamb.ts";
export { LBFGS, type LBFGSNumbers, type LBFGSOptions, type LBFGSSettings } from "./lbfgs/lbfgs.ts";
export { Lion, type LionOptions, type LionSettings } from "./lion.ts";
export type { StateLayout } from "./load-state.ts";
export { Muon, type MuonOptions, type MuonSettings } from "./muon.ts";
export { NAdam, type NAdamNumbers, type NAdamOptions, type NAdamSettings } from "./nadam.ts";
export type { Operations } from "./operations.ts";
export {
  type AnyOptimizer,
  type Evaluation,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  Optimizer,
  type StateDictPostHook,
  type StateDictPreHook,
} from "./optimizer.ts";
export { type ImplementationOptions, OptionError, type UnfusedOptions } from "./option-error.ts";
export type {
  GroupExtras,
  NamedParameter,
  ParamGroup,
  ParamGroupInput,
  Params,
  ParamsInput,
  ScheduleExtras,
} from "./param-groups.ts";
export type { Parameter } from "./parameter.ts";
export { ParameterState } from "./parameter-state.ts";
export { RAdam, type RAdamOptions, type RAdamSettings } from "./radam.ts";
export { RMSprop, type RMSpropOptions, type RMSpropSettings } from "./rmsprop.ts";
export { type RowGradient, rowGradient } from "./row-gradient.ts";
export { Rprop, type RpropOptions, type RpropSettings } from "./rprop.ts";
export { SGD, type SGDOptions, type SGDSettings } from "./sgd.ts";
export { SparseAdam, type SparseAdamOptions, type SparseAdamSettings } from "./sparse-adam.ts";
export type { OptimizerStateDict, SavedParamGroup } from "./state-dict.ts";
export {
  registerOptimizerStepPostHook,
  registerOptimizerStepPreHook,
  type StepArgs,
  type StepPostHook,
  type StepPreHook,
} from "./step-hooks.ts";
export {
  GradientAccumulation,
  type GradientAccumulationOptions,
  type GradientAccumulationStateDict,
} from "./wrappers/gradient-accumulation.ts";
export { Lookahead, type LookaheadOptions, type LookaheadStateDict } from "./wrappers/lookahead.ts";
export type { InnerOptimizer, OptimizerWrapper, WrappedGroup, WrappedStateDict } from "./wrappers/optimizer-wrapper.ts";
export { SAM, type SAMOptions, type SAMStateDict } from "./wrappers/sam.ts";
