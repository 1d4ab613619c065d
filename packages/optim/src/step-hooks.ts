import { type HookHandle, HookList } from "./hooks.ts";
import type { AnyOptimizer } from "./optimizer.ts";

/** The arguments of a call of `step`: the closure, where there is one. */
export type StepArgs = readonly unknown[];

/** Runs before a step. May return other arguments for it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing, or other arguments.
export type StepPreHook = (optimizer: AnyOptimizer, args: StepArgs) => StepArgs | void;
/** Runs after a step. */
export type StepPostHook = (optimizer: AnyOptimizer, args: StepArgs) => void;

/** The hooks of all optimizers: the global ones run outside each optimizer's own. */
export const globalPreHooks: HookList<StepPreHook> = new HookList();
export const globalPostHooks: HookList<StepPostHook> = new HookList();

/** Call `hook` before every step of every optimizer, before their own hooks. */
export const registerOptimizerStepPreHook = (hook: StepPreHook): HookHandle => globalPreHooks.add(hook);

/** Call `hook` after every step of every optimizer, after their own hooks. */
export const registerOptimizerStepPostHook = (hook: StepPostHook): HookHandle => globalPostHooks.add(hook);
