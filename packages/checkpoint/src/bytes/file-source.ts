import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkRange } from "./bytes-source.ts";
import { nodeFileSystem } from "./node-modules.ts";

// Node reads at most 2^31 - 1 bytes at once.
const mostAtOnce = 2 ** 30;

/**
 * A file of the file system, open until `close`.
 *
 * @throws {CheckpointError} if it cannot be opened
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await nodeFileSystem()
    .open(path)
    .catch((error: unknown) => {
      throw new CheckpointError(path, `cannot be opened (${codeOf(error)})`, "Check the path.", { cause: error });
    });
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    throw new CheckpointError(path, "is no file", "Give the path of one.");
  }
  const { size } = stats;
  const source: ByteSource = {
    name: path,
    size,
    chunkSize: 2 ** 18,
    async read(offset, length) {
      checkRange(source, offset, length);
      // Not zeroed first: every byte of it is read over.
      const bytes = Buffer.allocUnsafeSlow(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file
          .read(bytes, done, Math.min(length - done, mostAtOnce), offset + done)
          .catch((error: unknown) => {
            throw new CheckpointError(path, `cannot be read (${codeOf(error)})`, "Check the disk.", { cause: error });
          });
        if (bytesRead === 0) {
          throw new CheckpointError(path, `ended at byte ${offset + done}`, "It became shorter while it was read.");
        }
        done += bytesRead;
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
    },
    close: () => file.close(),
  };
  return source;
}

/** `ENOENT`, or what else an error says of itself. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A DOMException has a number there, of no use to anybody.
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
