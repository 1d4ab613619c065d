import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/**
 * Modules and parameters in a plain array, map or object are found by nobody: they would be neither trained nor saved, and no error would say
 * so. Warn once, unless they are members by another way.
 *
 * @param found - modules and parameters that were found
 * @param owner - one of the modules
 * @param fields - its fields
 */
export function warnAboutHidden(
  found: ReadonlySet<unknown>,
  owner: Module,
  fields: Iterable<readonly [string, unknown]>,
): void {
  for (const [name, value] of fields) {
    if (typeof value !== "object" || value === null) continue;
    const hidden = itemsOf(value).find(
      (item) => (item instanceof Module || item instanceof Parameter) && !found.has(item),
    );
    if (hidden === undefined) continue;
    const [what, list, dict] =
      hidden instanceof Module
        ? ["modules", "ModuleList", "ModuleDict"]
        : ["parameters", "ParameterList", "ParameterDict"];
    const kind = Array.isArray(value) ? "an array" : value instanceof Map ? "a map" : "an object";
    console.warn(
      `${owner.constructor.name}: the field ${name} is ${kind} of ${what}, which parameters(), stateDict() and train() do not find. ` +
        `Make it a ${Array.isArray(value) ? list : dict}.`,
    );
  }
}

function itemsOf(value: object): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.values()];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}
