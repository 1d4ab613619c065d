import type { Averageable } from "./averageable.ts";
import { hostOf } from "./hosts/host.ts";

/** What `AveragedModel.loadStateDict` accepts: a map or a plain object, of tensors, typed arrays, or numbers with their shape. */
export type AveragedStateSource = Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>;

export interface AveragedLoadOptions {
  /** Are missing and unexpected names an error? @defaultValue true */
  readonly strict?: boolean;
}

export interface AveragedLoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

/** How many models were averaged, as PyTorch saves it: a scalar of int64. */
export interface SavedCount {
  readonly shape: readonly [];
  readonly dtype: "int64";
  readonly data: BigInt64Array;
}

export const countKey = "n_averaged";

export const savedCount = (count: number): SavedCount => ({
  shape: [],
  dtype: "int64",
  data: BigInt64Array.of(BigInt(count)),
});

/**
 * Load averages and their count: all, or, with an error that lists every reason, nothing.
 *
 * @param averages - under the names of the state dict
 * @returns the count (undefined: there is none in `source`), and names that were missing or unexpected
 */
export function loadAverages(
  averages: ReadonlyMap<string, Averageable>,
  source: AveragedStateSource,
  { strict = true }: AveragedLoadOptions,
): { readonly count: number | undefined; readonly result: AveragedLoadResult } {
  const given = entriesOf(source);
  const known = new Set([countKey, ...averages.keys()]);
  const missingKeys = [...known].filter((name) => !given.has(name));
  const unexpectedKeys = [...given.keys()].filter((name) => !known.has(name));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}.`);
  if (strict && unexpectedKeys.length > 0) problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}.`);

  const attempt = <Result>(load: () => Result): Result | undefined => {
    try {
      return load();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const count = given.has(countKey) ? attempt(() => readCount(given.get(countKey))) : undefined;
  const loads = [...averages].flatMap(([name, average]) => {
    const loaded = given.has(name) ? attempt(() => hostOf(average).load(average, given.get(name), name)) : undefined;
    return loaded === undefined ? [] : [{ average, loaded }];
  });
  for (const { average, loaded } of loads) {
    if (problems.length === 0) hostOf(average).copy(average, loaded);
    hostOf(loaded).dispose(loaded);
  }
  if (problems.length > 0) {
    throw new Error(
      `Error(s) in loading state_dict for AveragedModel:\n\t${problems.join("\n\t")}\n\tNothing was loaded.`,
    );
  }
  return { count, result: { missingKeys, unexpectedKeys } };
}

function entriesOf(source: AveragedStateSource): ReadonlyMap<string, unknown> {
  if (typeof source !== "object" || source === null) {
    throw new TypeError(
      `AveragedModel.loadStateDict: the state dict is ${String(source)}. Give a Map or an object of tensors by name.`,
    );
  }
  const isIterable = Symbol.iterator in source;
  return new Map(isIterable ? (source as Iterable<readonly [string, unknown]>) : Object.entries(source));
}

function readCount(saved: unknown): number {
  const count = Number(numberOf(saved));
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new TypeError(`${countKey} must be a whole number from 0 up, or { shape, data } with one.`);
}

function numberOf(saved: unknown): unknown {
  if (typeof saved !== "object" || saved === null) return saved;
  const { data, itemSync } = saved as { data?: unknown; itemSync?: unknown };
  // A tensor: this one number has to be known at once.
  if (typeof itemSync === "function") return itemSync.call(saved);
  return ArrayBuffer.isView(data) || Array.isArray(data) ? (data as ArrayLike<unknown>)[0] : undefined;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
