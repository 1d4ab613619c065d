import { codeOf, fileSource } from "../bytes/file-source.ts";
import { nodeFileSystem } from "../bytes/node-modules.ts";
import { writerOf } from "../bytes/temporary-file.ts";
import { writeFileAtomically } from "../bytes/write-file.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { checkFileName, noSuchFile } from "./file-name.ts";
import type { Store } from "./store.ts";

/**
 * A folder of the file system. Each file is written beside its place, flushed to the disk, and put there by one rename, so that neither a kill
 * nor a power failure leaves half of one.
 *
 * @param directory - a path; made when the first file is written
 * @example
 * const store = directoryStore("runs/1");
 * store.name; // => "runs/1"
 */
export function directoryStore(directory: string): Store {
  const { join } = process.getBuiltinModule("node:path");
  const pathOf = (name: string): string => {
    checkFileName(directory, name);
    return join(directory, name);
  };
  const list = async (): Promise<string[]> => (await filesIn(directory)).filter((name) => writerOf(name) === null);
  return {
    name: directory,
    list,
    async open(name) {
      const path = pathOf(name);
      const names = await list();
      if (!names.includes(name)) throw noSuchFile(directory, name, names);
      return fileSource(path);
    },
    write: async (name, write) => writeFileAtomically(pathOf(name), write),
    async remove(name) {
      const path = pathOf(name);
      await nodeFileSystem().rm(path, { force: true }).catch(cannot(path, "cannot be removed"));
    },
    async removeLeftovers() {
      for (const name of await filesIn(directory)) {
        const path = join(directory, name);
        if (await isLeftover(path))
          await nodeFileSystem().rm(path, { force: true }).catch(cannot(path, "cannot be removed"));
      }
    },
  };
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    const entries = await nodeFileSystem().readdir(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    if (codeOf(error) === "ENOTDIR") {
      throw new CheckpointError(directory, "is a file, and no folder", "Give the folder that checkpoints are in.", {
        cause: error,
      });
    }
    return cannot(directory, "cannot be read")(error);
  }
}

/** A temporary file whose writer is no more. */
async function isLeftover(path: string): Promise<boolean> {
  const writer = writerOf(path);
  if (writer === null) return false;
  if (writer !== process.pid) return !isAlive(writer);
  // In containers every run may have the same number: then the file is older than this process.
  const started = Date.now() - 1000 * process.uptime();
  const { mtimeMs } = await nodeFileSystem().stat(path);
  return mtimeMs < started;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is somebody else's.
    return codeOf(error) !== "ESRCH";
  }
}

const cannot =
  (file: string, what: string) =>
  (error: unknown): never => {
    throw new CheckpointError(file, `${what} (${codeOf(error)})`, "Check its permissions.", { cause: error });
  };
