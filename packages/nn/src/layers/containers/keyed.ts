import { OptionError } from "@anneal/tensor";
import { Module } from "../../module/module.ts";

export type Entries<Item> = Iterable<readonly [string, Item]> | Readonly<Record<string, Item>>;

/** Key and value of each entry of a map, of a list of pairs, or of a plain object. */
export const entriesOf = <Item>(entries: Entries<Item>): Iterable<readonly [string, Item]> =>
  Symbol.iterator in entries ? (entries as Iterable<readonly [string, Item]>) : Object.entries(entries);

/** Members by name, in the order in which they were put there. */
export abstract class Keyed<Item> extends Module implements Iterable<[string, Item]> {
  readonly #items = new Map<string, Item>();

  protected override members(): [string, unknown][] {
    return [...Object.entries(this), ...this.#items];
  }

  protected override setMember(name: string, value: unknown): void {
    if (Object.hasOwn(this, name)) super.setMember(name, value);
    else this.#items.set(name, value as Item);
  }

  /** Put a member under a name that is a part of a dotted name; one that is there already keeps its place. */
  protected put(key: string, item: Item): this {
    if (typeof key !== "string" || key === "" || key.includes(".")) {
      throw new OptionError(this.constructor.name, `the key is "${String(key)}"`, "Give a name without dots.");
    }
    this.#items.set(key, item);
    return this;
  }

  get(key: string): Item | undefined {
    return this.#items.get(key);
  }

  has(key: string): boolean {
    return this.#items.has(key);
  }

  /** Take a member out. Returns whether it was there. */
  delete(key: string): boolean {
    return this.#items.delete(key);
  }

  /** Number of members. */
  get size(): number {
    return this.#items.size;
  }

  keys(): Iterator<string> & Iterable<string> {
    return this.#items.keys();
  }

  values(): Iterator<Item> & Iterable<Item> {
    return this.#items.values();
  }

  [Symbol.iterator](): Iterator<[string, Item]> {
    return this.#items[Symbol.iterator]();
  }

  /** A dictionary computes nothing: its owner uses what is in it. */
  forward(): never {
    throw new TypeError(`${this.constructor.name}.forward: a dictionary computes nothing. Use what is in it.`);
  }
}
