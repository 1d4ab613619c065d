import type { HasParamGroups } from "./has-param-groups.ts";

// Registered, so that two copies of this package on one page recognise each other's wrapper.
const called = Symbol.for("@anneal/schedulers");

type Step = NonNullable<HasParamGroups["step"]> & { [called]?: boolean };

/** Wrap `optimizer.step` on this instance, once, so that it notes that it was called. */
export function trackStep(optimizer: HasParamGroups): void {
  const original: Step | undefined = optimizer.step;
  if (!original || called in original) return;
  const tracked: Step = function (this: HasParamGroups, ...args: never[]): unknown {
    tracked[called] = true;
    return original.apply(this, args);
  };
  tracked[called] = false;
  optimizer.step = tracked;
}

/** Whether `optimizer` has a `step` that was not called since its first scheduler was built, or was replaced since. */
export const missesStep = ({ step }: { step?: Step }): boolean => step !== undefined && !step[called];
