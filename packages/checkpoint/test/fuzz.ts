import fc from "fast-check";
import { CheckpointError } from "../src/index.ts";

/** Is it read, or refused by a `CheckpointError`? Everything else is thrown. */
export async function isRead(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof CheckpointError) return false;
    throw error;
  }
}

const prototypes = [Object.prototype, Array.prototype, Map.prototype, Function.prototype];
const namesOf = (): string => prototypes.map((prototype) => Reflect.ownKeys(prototype).length).join();

/** What came out of it: so many were read, so many refused, and the longest took so many ms. */
export interface FuzzResult {
  readonly read: number;
  readonly refused: number;
  readonly longest: number;
}

/** A share of the cases, where their files come from, and whether one was read. */
export type Fuzzing = readonly [
  share: number,
  files: fc.Arbitrary<Uint8Array>,
  check: (file: Uint8Array) => Promise<boolean>,
];

/**
 * Check files that come from chance.
 *
 * @throws {Error} with the smallest file that is neither read nor refused; if a prototype is not as it was
 */
export async function fuzz(cases: number, seed: number, kinds: readonly Fuzzing[]): Promise<FuzzResult> {
  const before = namesOf();
  let [read, refused, longest] = [0, 0, 0];
  for (const [share, files, check] of kinds) {
    const property = fc.asyncProperty(files, async (file) => {
      const start = performance.now();
      if (await check(file)) read++;
      else refused++;
      longest = Math.max(longest, performance.now() - start);
    });
    await fc.assert(property, { numRuns: Math.ceil(cases * share), seed });
  }
  if (namesOf() !== before) throw new Error("a prototype has changed");
  return { read, refused, longest };
}
