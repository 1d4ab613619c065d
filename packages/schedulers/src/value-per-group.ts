import { groupsOf } from "./groups-of.ts";
import type { HasParamGroups } from "./has-param-groups.ts";
import { must } from "./must.ts";

/** One value for each group: those of a list, or the same for all. */
export function valuePerGroup<Value>(
  where: string,
  what: string,
  value: Value | readonly Value[],
  optimizer: HasParamGroups,
): Value[] {
  const { length } = groupsOf(where, optimizer);
  const values: Value[] = Array.isArray(value) ? [...value] : Array(length).fill(value);
  must(where, what, () => values.length !== length && `a list of ${length}, one for each group`, value);
  return values;
}
