import type { HasParamGroups } from "./has-param-groups.ts";

// Registered, so that two copies of this package on one page recognise each other's wrapper.
const record = Symbol.for("@anneal/schedulers/step-record");

interface StepRecord {
  called: boolean;
}

type Step = NonNullable<HasParamGroups["step"]> & { [record]?: StepRecord };

/** What is known about an optimizer's `step` since its first scheduler was built. */
export type StepStatus = "called" | "never called" | "replaced" | "absent";

/** Wrap `optimizer.step` on this instance, once, so that it records that it was called. */
export function trackStep(optimizer: HasParamGroups): void {
  const original: Step | undefined = optimizer.step;
  if (typeof original !== "function" || original[record]) return;
  const state: StepRecord = { called: false };
  const tracked: Step = function (this: HasParamGroups, ...args: never[]): unknown {
    state.called = true;
    return original.apply(this, args);
  };
  tracked[record] = state;
  optimizer.step = tracked;
}

export function stepStatus(optimizer: HasParamGroups): StepStatus {
  const step: Step | undefined = optimizer.step;
  if (typeof step !== "function") return "absent";
  const state = step[record];
  if (!state) return "replaced";
  return state.called ? "called" : "never called";
}
