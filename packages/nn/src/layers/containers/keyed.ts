import { OptionError } from "@anneal/tensor";

/** A key of a dictionary of modules or parameters: a part of their dotted names. */
export function checkKey(where: string, key: string): string {
  if (typeof key !== "string" || key === "" || key.includes(".")) {
    throw new OptionError(where, `the key is "${String(key)}"`, "Give a name without dots.");
  }
  return key;
}

export type Entries<Item> = Iterable<readonly [string, Item]> | Readonly<Record<string, Item>>;

/** Key and value of each entry of a map, of a list of pairs, or of a plain object. */
export const entriesOf = <Item>(entries: Entries<Item>): Iterable<readonly [string, Item]> =>
  Symbol.iterator in entries ? (entries as Iterable<readonly [string, Item]>) : Object.entries(entries);
