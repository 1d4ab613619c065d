import { complete, type Rows } from "./complete.ts";

/** A copy of the fields of `rows`, under PyTorch's keys. What is undefined is left out. */
export function saveState(target: object, rows: Rows): object {
  const state: Record<string, unknown> = {};
  for (const name in rows) {
    const value: unknown = Reflect.get(target, name);
    if (value !== undefined) state[keyOf(name)] = value;
  }
  return structuredClone(state);
}

/** Take over a copy of what `saveState` saved. A key that is missing leaves its field as it is; one that is wrong, all of them. */
export function loadState(name: string, target: object, rows: Rows, state: object): void {
  const fields: Record<string, unknown> = {};
  for (const [field, [rule]] of Object.entries(rows)) {
    const value: unknown = Reflect.get(state, keyOf(field));
    // JSON has null for the infinities.
    const isMissing = value === undefined || (value === null && rule(value));
    fields[field] = isMissing ? Reflect.get(target, field) : value;
  }
  Object.assign(target, structuredClone(complete<object>(`${name}.loadStateDict`, fields, rows)));
}

/** Snake case; T_0, T_max and the like are PyTorch's only keys with a capital letter. */
const keyOf = (name: string): string =>
  name.replace(/[A-Z0]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^t_/, "T_");
