import { show } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";
import type { NestedNumbers } from "./numbers.ts";

interface Flat {
  readonly shape: readonly number[];
  readonly dtype: "float64" | "int64" | "bool";
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/**
 * Nested lists as one list with a shape. Numbers are float64, bigints int64; a list of nothing but booleans is bool.
 *
 * @throws {OptionError} if the lists are of different lengths or there is something else in them
 */
export function flatten(where: string, what: string, lists: NestedNumbers): Flat {
  const shape: number[] = [];
  for (let first: NestedNumbers[number] | undefined = lists; Array.isArray(first); first = first[0]) {
    shape.push(first.length);
  }
  const flat: (number | bigint | boolean)[] = [];
  collect(lists, 0);
  const allOf = (type: string): boolean => flat.length > 0 && flat.every((value) => typeof value === type);
  if (allOf("bigint")) return { shape, dtype: "int64", data: flat.map(BigInt) };
  return { shape, dtype: allOf("boolean") ? "bool" : "float64", data: flat.map(Number) };

  function collect(list: NestedNumbers, depth: number): void {
    if (list.length !== shape[depth]) {
      const lengths = `${shape[depth]} and ${list.length}`;
      throw new OptionError(
        `${where}: ${what} has lists of ${lengths} side by side. Give all of a depth the same length.`,
      );
    }
    for (const item of list) {
      if (Array.isArray(item)) {
        if (depth + 1 === shape.length) throw mixed(item);
        collect(item, depth + 1);
      } else if (depth + 1 < shape.length || !isNumber(item)) throw mixed(item);
      else flat.push(item);
    }
  }

  function mixed(item: unknown): OptionError {
    const need = `nothing but numbers ${shape.length} lists deep`;
    return new OptionError(`${where}: ${what} must have ${need}, got ${show(item)}.`);
  }
}

const isNumber = (item: unknown): item is number | bigint | boolean =>
  typeof item === "number" || typeof item === "bigint" || typeof item === "boolean";
