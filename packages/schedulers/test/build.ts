import * as schedulers from "../src/index.ts";
import { optionsOf } from "./reference.ts";
import type { TestedOptimizer } from "./scheduler-suite.ts";

/** A scheduler as the reference describes it: its name, and PyTorch's keyword arguments. */
export type Description = readonly [name: string, kwargs: Record<string, unknown>];

type Constructor = new (...args: unknown[]) => schedulers.Scheduler;

/** Build it, and first those it is made of. `lastEpoch` is for those that are made of none. */
export function build(
  optimizer: TestedOptimizer,
  [name, kwargs]: Description,
  more: object = {},
): schedulers.Scheduler {
  const Class = Reflect.get(schedulers, name) as Constructor;
  const { schedulers: children, ...rest } = kwargs as { schedulers?: Description[] };
  if (!children) return new Class(optimizer, { ...optionsOf(rest), ...more });
  const list = children.map((child) => build(optimizer, child, more));
  return name === "ChainedScheduler" ? new Class(list) : new Class(optimizer, { ...optionsOf(rest), schedulers: list });
}
