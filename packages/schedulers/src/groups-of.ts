import type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
import { must } from "./must.ts";
import { list } from "./rules.ts";

/** The groups of an optimizer, which untyped code may have forgotten. */
export const groupsOf = (where: string, optimizer: HasParamGroups): readonly ScheduledGroup[] =>
  must(where, "optimizer.paramGroups", list, optimizer?.paramGroups);
