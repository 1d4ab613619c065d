import { readdir } from "node:fs/promises";
import { DataFormatError } from "@anneal/data";

/**
 * Names of the files in a folder.
 *
 * @param mend - what to give instead
 * @throws {DataFormatError} if it cannot be read
 */
export async function filesIn(folder: string, mend: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const what =
      code === "ENOENT" ? "does not exist" : code === "ENOTDIR" ? "is no folder" : `cannot be read (${String(code)})`;
    throw new DataFormatError(folder, what, mend);
  }
}
