import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSink } from "./byte-sink.ts";
import { codeOf } from "./file-source.ts";
import { makeFolder } from "./make-folder.ts";
import { nodeFileSystem } from "./node-modules.ts";
import { temporaryPath } from "./temporary-file.ts";
import { WriteThread } from "./write-thread.ts";

/**
 * Write a file whole or not at all: into a temporary file beside it, which takes its name when everything is on the disk. Whatever happens
 * on the way, what was there before stays.
 *
 * @param path - where it shall be; folders that are missing are made
 * @param write - writes the content
 * @throws {CheckpointError} if the disk is full, or the folder cannot be written to
 */
export async function writeFileAtomically(path: string, write: (sink: ByteSink) => Promise<void>): Promise<void> {
  const { open, rename, unlink } = nodeFileSystem();
  const folder = folderOf(path);
  const temporary = temporaryPath(path);
  const attempt = async <T>(what: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      throw new CheckpointError(path, `${what} (${codeOf(error)})`, "What was there before is untouched.", {
        cause: error,
      });
    }
  };
  await attempt("its folder cannot be made", () => makeFolder(folder));
  const file = await attempt("cannot be written", () => open(temporary, "wx"));
  const thread = new WriteThread();
  try {
    try {
      await attempt("could not be written to its end", async () => {
        let position = 0;
        await write({
          writeWithCrc(bytes) {
            if (!thread.takes(bytes)) return undefined;
            const at = position;
            position += bytes.length;
            return thread.write(file.fd, bytes, at);
          },
          async write(bytes) {
            let at = position;
            position += bytes.length;
            for (let done = 0; done < bytes.length; ) {
              const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 2 ** 30), at);
              done += bytesWritten;
              at += bytesWritten;
            }
          },
        });
        await file.sync();
      });
    } finally {
      await thread.close();
      await file.close();
    }
    await attempt("could not be put in its place", () => rename(temporary, path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

const folderOf = (path: string): string => process.getBuiltinModule("node:path").dirname(path);

/** The new name is safe from a power failure once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await nodeFileSystem().open(folder);
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows opens no folders, and some file systems sync none: there the rename alone must do.
  }
}
