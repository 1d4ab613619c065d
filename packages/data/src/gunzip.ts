import { DataFormatError } from "./data-format-error.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Decompress gzip, giving up as soon as there is more than `limit` says: a small file can hide an enormous one.
 *
 * @param limit - asked after each part, with all bytes so far; the most bytes there may be
 * @throws {DataFormatError} if the data is damaged or cut short
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  limit: (soFar: Uint8Array) => number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  let buffer = new Uint8Array(Math.min(4 * bytes.length + 1024, 1 << 20));
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new DataFormatError(file, "the gzip data is damaged or cut short", "Download the file again.", { cause });
    });
    if (done) return buffer.subarray(0, length);
    if (length + value.length > buffer.length) {
      const grown = new Uint8Array(Math.max(2 * buffer.length, length + value.length));
      grown.set(buffer.subarray(0, length));
      buffer = grown;
    }
    buffer.set(value, length);
    length += value.length;
    if (length > limit(buffer.subarray(0, length))) {
      await reader.cancel();
      throw new DataFormatError(file, "unpacks to more than its header says", "Download the file again.");
    }
  }
}
