import type { ByteSource } from "./byte-source.ts";

// Of a file that is quick to ask more would only be copied.
const quickWindow = 2 ** 16;

/** `source` for reading mostly forwards in many small pieces: they are read together, up to `chunkSize` bytes at a time, and are copies. */
export function readAhead(source: ByteSource): ByteSource {
  const { name, size, chunkSize = 0 } = source;
  const readInto = source.readInto?.bind(source);
  const windowSize = readInto ? Math.min(chunkSize, quickWindow) : chunkSize;
  // Reads that come while it is under way wait for it, too.
  let window = { start: 0, end: 0, bytes: Promise.resolve(new Uint8Array(0) as Uint8Array) };
  return {
    name,
    size,
    async read(offset, length) {
      if (length >= windowSize) return source.read(offset, length);
      if (offset < window.start || offset + length > window.end) {
        // Where there are fewer bytes than asked for, the source says so.
        const end = Math.max(offset + length, Math.min(offset + windowSize, size));
        window = { start: offset, end, bytes: source.read(offset, end - offset) };
      }
      const { start, bytes } = window;
      return (await bytes).slice(offset - start, offset - start + length);
    },
    ...(readInto && { readInto }),
    close: () => source.close(),
  };
}
