import { completeOptions, type Rows } from "./complete-options.ts";

/** A copy of the fields of `rows`, under PyTorch's keys. */
export function saveState(target: object, rows: Rows): object {
  const state: Record<string, unknown> = {};
  for (const name in rows) state[keyOf(name)] = Reflect.get(target, name);
  return structuredClone(state);
}

/** Take over a copy of what `saveState` saved. A key that is missing leaves its field as it is; one that is wrong, all of them. */
export function loadState(where: string, target: object, rows: Rows, state: object): void {
  const fields: Record<string, unknown> = {};
  for (const name in rows) fields[name] = Reflect.get(state, keyOf(name)) ?? Reflect.get(target, name);
  Object.assign(target, structuredClone(completeOptions<object>(`${where}.loadStateDict`, fields, rows)));
}

/** Snake case; T_0, T_max and the like are PyTorch's only keys with a capital letter. */
const keyOf = (name: string): string =>
  name
    .replace(/[A-Z0]/g, "_$&")
    .toLowerCase()
    .replace(/^t_/, "T_");
