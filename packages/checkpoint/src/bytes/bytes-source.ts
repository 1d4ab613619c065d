import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSource } from "./byte-source.ts";

/** A file that is already in memory. What is read are views of it, not copies. */
export function bytesSource(bytes: Uint8Array, name = "these bytes"): ByteSource {
  const source: ByteSource = {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(source, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: async () => {},
  };
  return source;
}

/** @throws {CheckpointError} if `source` does not have these bytes */
export function checkRange(source: ByteSource, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= source.size) return;
  throw new CheckpointError(
    source.name,
    `bytes ${offset} to ${offset + length} are asked for, and it has ${source.size}`,
    "It was cut short: copy or download it again.",
  );
}
