import { Tuple } from "../pickle/tuple.ts";
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

const isStateful = (value: unknown): value is Stateful =>
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
  // What stands in two places is one thing afterwards too; and what contains itself comes to an end, which is for savePt to refuse.
  const done = new Map<unknown, unknown>();
  const stateIn = (each: unknown): unknown => {
    if (done.has(each)) return done.get(each);
    if (isStateful(each)) {
      done.set(each, stateOf(each));
      return done.get(each);
    }
    if (Array.isArray(each) && !(each instanceof Tuple) && each.some(mayHoldParts)) {
      const list: unknown[] = [];
      done.set(each, list);
      for (const item of each) list.push(stateIn(item));
      return list;
    }
    if (!isPlain(each)) return each;
    const copy = withoutPrototype([]);
    done.set(each, copy);
    for (const [key, item] of Object.entries(each)) copy[key] = stateIn(item);
    return copy;
  };
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return withoutPrototype(given.map(([key, each]) => [key, stateIn(each)]));
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
 * @param where - names the function in messages
 * @throws {TypeError} if there is something that cannot be restored
 */
export function partsIn(where: string, value: Readonly<Record<string, unknown>>): PlacedPart[] {
  const collect = (each: unknown, keys: readonly (string | number)[], place: string): PlacedPart[] => {
    if (isStateful(each)) return [{ place, keys, part: each }];
    return entriesOf(each, place).flatMap(([key, inner]) => collect(inner, [...keys, key], joinPath(place, key)));
  };
  const entriesOf = (each: unknown, place: string): (readonly [string | number, unknown])[] => {
    if (Array.isArray(each)) return [...each.entries()];
    if (isPlain(each)) return Object.entries(each).filter(([, inner]) => inner !== undefined);
    throw new TypeError(
      `${where}: ${place || "what is to be restored"} is ${described(each)}, which nothing can be restored into. ` +
        "Give what has loadStateDict() or setState(); everything else that was saved is returned.",
    );
  };
  return collect(value, [], "");
}

function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return `a ${typeof value === "object" ? value.constructor.name : typeof value}`;
}
