import type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
import { must, type Rule } from "./must.ts";

/** The groups of an optimizer, which untyped code may have forgotten. */
export function groupsOf(where: string, optimizer: HasParamGroups): readonly ScheduledGroup[] {
  const isList: Rule = (groups) => !Array.isArray(groups) && "a list such as [{ lr: 0.1 }]";
  return must(where, "optimizer.paramGroups", isList, optimizer?.paramGroups);
}
