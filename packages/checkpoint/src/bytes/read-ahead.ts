import type { ByteSource } from "./byte-source.ts";

/** `source` for reading mostly forwards in many small pieces: they are read together, `chunkSize` bytes at a time, and are copies. */
export function readAhead(source: ByteSource): ByteSource {
  const { name, size, chunkSize = 0 } = source;
  const readInto = source.readInto?.bind(source);
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  return {
    name,
    size,
    async read(offset, length) {
      if (length >= chunkSize) return source.read(offset, length);
      if (offset < start || offset + length > start + window.length) {
        // Where there are fewer bytes than asked for, the source says so.
        window = await source.read(offset, Math.max(length, Math.min(chunkSize, size - offset)));
        start = offset;
      }
      return window.slice(offset - start, offset - start + length);
    },
    ...(readInto && { readInto }),
    close: () => source.close(),
  };
}
