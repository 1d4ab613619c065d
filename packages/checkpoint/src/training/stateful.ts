import { joinPath } from "../pt/keys.ts";
import { isPlain } from "./is-plain.ts";

/** What a part of a training must have to be saved and restored: models, optimizers, schedulers, averages, data loaders have it. */
export interface HasStateDict {
  stateDict(): unknown;
  loadStateDict(state: object): unknown;
}

/** What a generator of random numbers has. */
export interface HasState {
  getState(): unknown;
  setState(state: object): unknown;
}

/** A part of a training that can be restored. */
export type Stateful = HasStateDict | HasState;

export const isStateful = (value: unknown): value is Stateful =>
  has(value, "stateDict", "loadStateDict") || has(value, "getState", "setState");

const has = (value: unknown, ...methods: readonly string[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  methods.every((method) => typeof Reflect.get(value, method) === "function");

/** What is saved of a part. */
export const stateOf = (part: Stateful): unknown => ("stateDict" in part ? part.stateDict() : part.getState());

/** Give a part its state back. */
export const restoreState = (part: Stateful, state: object): unknown =>
  "loadStateDict" in part ? part.loadStateDict(state) : part.setState(state);

/** `value` with the state of each part, also of those in lists and plain objects, in its place. What is undefined on top is left out. */
export function statesIn(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return withoutPrototype(given.map(([key, each]) => [key, stateIn(each)]));
}

function stateIn(value: unknown): unknown {
  if (isStateful(value)) return stateOf(value);
  if (Array.isArray(value) && value.some(mayHoldParts)) return value.map(stateIn);
  if (isPlain(value)) return withoutPrototype(Object.entries(value).map(([key, each]) => [key, stateIn(each)]));
  return value;
}

const mayHoldParts = (value: unknown): boolean => Array.isArray(value) || isPlain(value) || isStateful(value);

/** Any name is a key of it, `__proto__` too. */
export const withoutPrototype = (entries: Iterable<readonly [string, unknown]>): Record<string, unknown> =>
  Object.assign(Object.create(null), Object.fromEntries(entries)) as Record<string, unknown>;

/** A part, and where it stands: `optimizers[0]`. */
export interface PlacedPart {
  readonly place: string;
  /** From the outside in. */
  readonly keys: readonly (string | number)[];
  readonly part: Stateful;
}

/**
 * The parts in `value`, also those in lists and plain objects.
 *
 * @throws {TypeError} if there is something that cannot be restored
 */
export function partsIn(value: unknown, keys: readonly (string | number)[] = [], place = ""): PlacedPart[] {
  if (isStateful(value)) return [{ place, keys, part: value }];
  const entries: (readonly [string | number, unknown])[] | undefined = Array.isArray(value)
    ? [...value.entries()]
    : isPlain(value)
      ? Object.entries(value).filter(([, each]) => each !== undefined)
      : undefined;
  if (entries) return entries.flatMap(([key, each]) => partsIn(each, [...keys, key], joinPath(place, key)));
  throw new TypeError(
    `loadCheckpoint: ${place || "what is to be restored"} is ${described(value)}, which nothing can be restored into. ` +
      "Give what has loadStateDict() or setState(); everything else that was saved is returned.",
  );
}

function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return `a ${value.constructor?.name || "object"}`;
}
