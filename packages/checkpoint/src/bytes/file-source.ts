import type { FileHandle } from "node:fs/promises";
import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkRange } from "./bytes-source.ts";
import { nodeFileSystem } from "./node-modules.ts";

// Node reads at most 2^31 - 1 bytes at once, into at most 1024 pieces of memory.
const mostAtOnce = 2 ** 30;
const mostPieces = 1000;

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
  const readPieces = async (offset: number, lengths: readonly number[]): Promise<Uint8Array[]> => {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    checkRange(source, offset, total);
    // Not zeroed first: every byte of it is read over.
    const pieces = lengths.map((length) => new Uint8Array(Buffer.allocUnsafeSlow(length).buffer));
    await fill(file, path, pieces, offset);
    return pieces;
  };
  const source: ByteSource = {
    name: path,
    size,
    chunkSize: 2 ** 26,
    read: async (offset, length) => (await readPieces(offset, [length]))[0] as Uint8Array,
    readPieces,
    async readInto(offset, bytes) {
      checkRange(source, offset, bytes.length);
      await fill(file, path, [bytes], offset);
    },
    close: () => file.close(),
  };
  return source;
}

/** Read the bytes from `offset` on into the pieces, one after the other. */
async function fill(file: FileHandle, path: string, pieces: readonly Uint8Array[], offset: number): Promise<void> {
  let rest = pieces.filter((piece) => piece.length > 0);
  for (let at = offset; rest.length > 0; ) {
    const next = rest.slice(0, mostPieces);
    // Beside others it is small enough.
    if (next[0] && next[0].length > mostAtOnce) next.splice(0, next.length, next[0].subarray(0, mostAtOnce));
    const { bytesRead } = await file.readv(next, at).catch((error: unknown) => {
      throw new CheckpointError(path, `cannot be read (${codeOf(error)})`, "Check the disk.", { cause: error });
    });
    if (bytesRead === 0) throw new CheckpointError(path, `ended at byte ${at}`, "It became shorter while it was read.");
    at += bytesRead;
    rest = without(rest, bytesRead);
  }
}

/** What is left of the pieces when `count` bytes are filled. */
function without(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let full = 0;
  let filled = count;
  for (let piece = pieces[full]; piece && piece.length <= filled; piece = pieces[full]) {
    filled -= piece.length;
    full++;
  }
  const [first, ...others] = pieces.slice(full);
  return first ? [first.subarray(filled), ...others] : [];
}

/** `ENOENT`, or what else an error says of itself. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A DOMException has a number there, of no use to anybody.
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
