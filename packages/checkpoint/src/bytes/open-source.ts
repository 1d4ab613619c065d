import type { ByteSource } from "./byte-source.ts";
import { bytesSource } from "./bytes-source.ts";
import { fileSource } from "./file-source.ts";

/** Where a file is read from: a path, `file:` URL or bytes, or whatever reads at random. */
export type Source = string | URL | ArrayBuffer | Uint8Array | ByteSource;

/** `source` as bytes that can be read in any order. Close it. */
export async function openSource(source: Source): Promise<ByteSource> {
  if (typeof source === "string") return fileSource(source);
  if (source instanceof URL) return fileSource(process.getBuiltinModule("node:url").fileURLToPath(source));
  if (source instanceof ArrayBuffer) return bytesSource(new Uint8Array(source));
  if (source instanceof Uint8Array) return bytesSource(source);
  return source;
}
