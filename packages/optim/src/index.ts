export { Adam, type AdamOptions } from "./adam.ts";
export type { AdamFamilyOptions, AdamNumbers, AdamSettings } from "./adam-update.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export { type ArrayParameter, arrayParameter, type FloatArray, type SavedArray } from "./array-parameter.ts";
export { defineRule, type RuleDefinition } from "./define-rule.ts";
export type { HookHandle } from "./hooks.ts";
export type { StateLayout } from "./load-state.ts";
export {
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  Optimizer,
  type StateDictPostHook,
  type StateDictPreHook,
} from "./optimizer.ts";
export { type ImplementationOptions, OptionError } from "./option-error.ts";
export type {
  GroupExtras,
  NamedParameter,
  ParamGroup,
  ParamGroupInput,
  Params,
  ParamsInput,
} from "./param-groups.ts";
export type { Parameter } from "./parameter.ts";
export { ParameterState } from "./parameter-state.ts";
export { SGD, type SGDOptions, type SGDSettings } from "./sgd.ts";
export type { OptimizerStateDict, SavedParamGroup } from "./state-dict.ts";
export {
  registerOptimizerStepPostHook,
  registerOptimizerStepPreHook,
  type StepArgs,
  type StepPostHook,
  type StepPreHook,
} from "./step-hooks.ts";
