import { Tensor } from "../tensor.ts";

/** Every tensor inside a value: itself, or within arrays, plain objects, maps and sets, to any depth. */
export function findTensors(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (typeof value !== "object" || value === null) return [];
  const found: Tensor[] = [];
  collect(value, found, new Set());
  return found;
}

function collect(value: unknown, found: Tensor[], seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Tensor) found.push(value);
  else if (Array.isArray(value) || value instanceof Set) for (const item of value) collect(item, found, seen);
  else if (value instanceof Map) for (const entry of value) collect(entry, found, seen);
  else if (isPlain(value)) for (const item of Object.values(value)) collect(item, found, seen);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
