import type { FunctionBuilder } from "./assembler/function-builder.ts";

/**
 * Names for the words of a parameter block, in their order: the planner writes the words, the printed code reads them by name.
 *
 * @example
 * blockLayout("a", "n").names; // => ["a", "n"]
 */
export function blockLayout<Name extends string>(...names: readonly Name[]): BlockLayout<Name> {
  const offsets = new Map(names.map((name, i) => [name, 4 * i]));
  return {
    names,
    load: (f, block, name) => f.get(block).memory("i32.load", offsets.get(name) ?? 0),
  };
}

export interface BlockLayout<Name extends string> {
  readonly names: readonly Name[];
  /** Put a word on the stack: `block` is the local with the block's address. */
  load(f: FunctionBuilder, block: number, name: Name): FunctionBuilder;
}
