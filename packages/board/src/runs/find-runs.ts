import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** The event files of a run: those in one folder, in the order in which they are read. */
export interface FoundRun {
  /** The folder's path from the log directory, with `/`; `.` is the log directory itself. */
  readonly name: string;
  /** Absolute paths, sorted by name: names begin with their time. */
  readonly files: readonly string[];
}

/** More than any training has, and few enough to walk every other second. */
const mostFolders = 20_000;

/**
 * Every folder under `logDir` that has a file with `tfevents` in its name, as TensorBoard finds its runs.
 *
 * Symbolic links are not followed: out of the log directory they would show other files to whoever can open the page, and within it the
 * same run twice.
 *
 * @param logDir - a real path
 */
export async function findRuns(logDir: string): Promise<FoundRun[]> {
  const runs: FoundRun[] = [];
  const waiting = [logDir];
  for (let count = 0; waiting.length > 0 && count < mostFolders; count += 1) {
    const folder = waiting.pop() ?? logDir;
    const files: string[] = [];
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() && entry.name.includes("tfevents")) files.push(path);
    }
    if (files.length > 0)
      runs.push({ name: relative(logDir, folder).split(sep).join("/") || ".", files: files.sort() });
  }
  return runs.sort((a, b) => compareNames(a.name, b.name));
}

/** A folder may go, or be closed to us, between two looks: then it has nothing. */
async function entriesOf(folder: string): Promise<Awaited<ReturnType<typeof readdirTyped>>> {
  try {
    return await readdirTyped(folder);
  } catch {
    return [];
  }
}

const readdirTyped = (folder: string) => readdir(folder, { withFileTypes: true });

const collator = new Intl.Collator("en", { numeric: true });

/** `run2` before `run10`, and a folder before what is in it. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let k = 0; k < Math.min(left.length, right.length); k += 1) {
    const [x = "", y = ""] = [left[k], right[k]];
    // Numbers that are equal may be written differently.
    const order = collator.compare(x, y) || Number(x > y) - Number(x < y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
