import { readdir, readFile } from "node:fs/promises";
import { DataFormatError } from "@anneal/data";

/**
 * Names of the files in a folder.
 *
 * @param mend - what to give instead
 * @throws {DataFormatError} if it cannot be read
 */
export const filesIn = (folder: string, mend: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    throw new DataFormatError(folder, why(error), mend);
  });

/** @throws {DataFormatError} if it cannot be read */
export const bytesOf = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => {
    throw new DataFormatError(file, why(error), "Give a file that can be read.");
  });

function why(error: unknown): string {
  const { code } = error as { code?: unknown };
  return code === "ENOENT"
    ? "does not exist"
    : code === "ENOTDIR"
      ? "is no folder"
      : `cannot be read (${String(code)})`;
}
