// Through `process`, so that bundlers for browsers find nothing to resolve.
const builtin = (): NodeJS.Process["getBuiltinModule"] | undefined =>
  typeof process === "object" ? process.getBuiltinModule?.bind(process) : undefined;

/** Is there a file system here? */
export const hasFileSystem = (): boolean => builtin() !== undefined;

/**
 * Node's file system.
 *
 * @throws {Error} if this is not Node, Deno or Bun
 */
export function nodeFileSystem(): typeof import("node:fs/promises") {
  const modules = builtin();
  if (modules) return modules("node:fs/promises");
  throw new Error("There is no file system here. Give bytes, a Blob or a URL to read from, and a store to write to.");
}
