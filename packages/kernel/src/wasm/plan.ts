/**
 * One call of a threadable WebAssembly function `(block: i32, begin: i32, end: i32)`, cut over its work items.
 *
 * A device writes `block` into memory as 32-bit words, and calls the function with the address of the words and disjoint ranges that
 * together cover `[0, items)`, from one thread or several. How the range was cut never shows in the results.
 */
export interface Step {
  /** Which family of functions it is of: with `entry` the key for `moduleBytes`. */
  readonly module: string;
  /** The name the function is exported under. */
  readonly entry: string;
  /** The parameters, as 32-bit words, at most `longestBlock`; addresses are bytes and may pass 2³¹. */
  readonly block: readonly number[];
  readonly items: number;
  /** The least number of items worth a call: below it, another thread costs more than it brings. */
  readonly grain: number;
}

/** What to run for one operation: the steps in order, each over when the next begins. */
export interface Plan {
  /** Memory the steps work in beside the operands: any contents, 64-byte alignment. */
  readonly scratchBytes: number;
  steps(scratchAddress: number): Step[];
}

/** Words of the longest parameter block a planner makes. */
export const longestBlock = 256;
