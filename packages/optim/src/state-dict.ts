/** A group in a state dict: its options under PyTorch's names, and the numbers of its parameters. */
export interface SavedParamGroup {
  params: number[];
  param_names?: string[];
  [option: string]: unknown;
}

/**
 * What an optimizer saves, laid out as PyTorch does: `state` by the number of the parameter, counted over all groups, and the groups'
 * options. Plain numbers (`step`) are numbers, everything else is what the parameter's host saves.
 */
export interface OptimizerStateDict {
  state: Record<string, Record<string, unknown>>;
  param_groups: SavedParamGroup[];
}

/** A saved dict as a list of entries: a plain object, or the Map that a checkpoint reader makes of a Python dict with numbers as keys. */
export function entriesOf(dict: unknown, where: string): [key: string, value: unknown][] {
  if (dict instanceof Map) return [...dict].map(([key, value]) => [String(key), value]);
  if (typeof dict === "object" && dict !== null && !Array.isArray(dict)) return Object.entries(dict);
  throw new TypeError(
    `${where} must be an object, got ${dict === null ? "null" : Array.isArray(dict) ? "a list" : typeof dict}.`,
  );
}

export function listOf(list: unknown, where: string): readonly unknown[] {
  if (Array.isArray(list)) return list;
  throw new TypeError(`${where} must be a list, got ${list === null ? "null" : typeof list}.`);
}

/** A saved number: itself, or the 0-d tensor that PyTorch keeps its step counts in. */
export function numberOf(saved: unknown, where: string): number {
  if (typeof saved === "number") return saved;
  if (typeof saved === "object" && saved !== null) {
    const { data, itemSync } = saved as { data?: unknown; itemSync?: unknown };
    const only = ArrayBuffer.isView(data) || Array.isArray(data) ? (data as ArrayLike<unknown>) : undefined;
    const value: unknown =
      only?.length === 1 ? only[0] : typeof itemSync === "function" ? itemSync.call(saved) : undefined;
    if (typeof value === "number") return value;
  }
  throw new TypeError(`${where} must be a number or a tensor of one element.`);
}

/** An independent copy of an option's value: numbers, strings, flags and lists of them. */
export const copyOption = (value: unknown): unknown => (Array.isArray(value) ? value.map(copyOption) : value);
