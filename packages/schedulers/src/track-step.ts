import type { HasParamGroups } from "./has-param-groups.ts";

type Step = NonNullable<HasParamGroups["step"]> & { calledSinceScheduled?: boolean };

/** Wrap `optimizer.step` on this instance, once, so that it notes that it was called. */
export function trackStep(optimizer: HasParamGroups): void {
  const original: Step | undefined = optimizer.step;
  if (!original || "calledSinceScheduled" in original) return;
  const tracked: Step = (...args) => {
    tracked.calledSinceScheduled = true;
    return original.apply(optimizer, args);
  };
  tracked.calledSinceScheduled = false;
  optimizer.step = tracked;
}

/** Whether `optimizer` has a `step` that was not called since its first scheduler was built, or was replaced since. */
export const missesStep = ({ step }: { step?: Step }): boolean => step !== undefined && !step.calledSinceScheduled;
