// What `// =>` means in a documented example: the value of the line is what the comment says.
import { inspect } from "node:util";

/** Examples round their numbers for the reader; float32 has seven digits. */
const tolerance = 1e-5;

/**
 * Throws unless `value` is what the comment says. The comment is JavaScript (`[1, 2]`, `0.05`, `NaN`), a typed array as Node
 * prints it (`Float32Array [1, 2]`), or else the very text of the value.
 */
export function expectValue(value: unknown, comment: string): void {
  const expected = parse(comment);
  const matches = expected === undefined ? textOf(value) === comment : equal(value, expected.value);
  if (!matches) throw new Error(`the comment says ${comment}, the value is ${textOf(value)}`);
}

/** Throws unless `run` throws, and its error's name or message has the text of the comment. */
export async function expectThrow(run: () => unknown, comment: string): Promise<void> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`the comment says it throws ${comment}, but it returns`);
  if (!String(thrown).includes(comment))
    throw new Error(`the comment says it throws ${comment}, but it throws ${thrown}`);
}

function parse(comment: string): { value: unknown } | undefined {
  const plain = comment.replaceAll(/\b(?:\w+Array)(?:\(\d+\))? (?=\[)/g, "");
  try {
    return { value: new Function(`"use strict"; return (${plain});`)() };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

function equal(value: unknown, expected: unknown): boolean {
  if (typeof value === "number" && typeof expected === "number") {
    return Object.is(value, expected) || Math.abs(value - expected) <= tolerance * Math.max(1e-30, Math.abs(expected));
  }
  if (typeof value !== "object" || value === null || typeof expected !== "object" || expected === null) {
    return value === expected;
  }
  const entries = Object.entries(expected);
  return (
    Object.keys(value).length === entries.length &&
    entries.every(([key, each]) => Object.hasOwn(value, key) && equal((value as Record<string, unknown>)[key], each))
  );
}
