import type { HasParamGroups } from "./has-param-groups.ts";
import { must, type Rule } from "./must.ts";
import { OptionError } from "./option-error.ts";
import type { Scheduler } from "./scheduler.ts";

/** The optimizer of a composite's schedulers. They must all be built for it, be there once, and step without a metric. */
export function optimizerOf(
  where: string,
  children: readonly Scheduler[],
  optimizer: HasParamGroups | undefined = children?.[0]?.optimizer,
): HasParamGroups {
  if (!optimizer || !children.length) throw new OptionError(`${where}: schedulers must be a list of at least one.`);
  children.forEach((child, index) => {
    const rule: Rule = () =>
      (!child?.initialStep && "a scheduler that steps without a metric") ||
      (child.optimizer !== optimizer && "built for the same optimizer") ||
      (children.indexOf(child) < index && "there only once");
    must(where, `schedulers[${index}]`, rule, child?.constructor.name);
  });
  return optimizer;
}

/** Load its state into each child; if one does not fit, into none. */
export function loadChildren(where: string, children: readonly Scheduler[], states: readonly object[]): void {
  must(where, "_schedulers", () => states?.length !== children.length && `a list of ${children.length} states`, states);
  const load = (from: readonly object[]): void => {
    for (const [index, child] of children.entries()) child.loadStateDict(from[index] ?? {});
  };
  const before = children.map((child) => child.stateDict());
  try {
    load(states);
  } catch (error) {
    load(before);
    throw error;
  }
}
