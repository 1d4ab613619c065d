import { blobSource } from "./blob-source.ts";
import type { ByteSource } from "./byte-source.ts";
import { bytesSource } from "./bytes-source.ts";
import { fileSource } from "./file-source.ts";
import { pathOrUrl } from "./path-or-url.ts";
import { urlSource } from "./url-source.ts";

/**
 * Where a file is read from: a path, a URL (`file:`, `https:`, ...; as a `Request` with the headers that it takes), a `Blob` or `File`, bytes, or
 * whatever reads at random.
 */
export type Source = string | URL | Request | Blob | ArrayBuffer | Uint8Array | ByteSource;

/** `source` as bytes that can be read in any order. Close it. */
export async function openSource(source: Source): Promise<ByteSource> {
  if (typeof source === "string" || source instanceof URL) {
    const place = pathOrUrl(source);
    return typeof place === "string" ? fileSource(place) : urlSource(new Request(place));
  }
  if (source instanceof Request) return urlSource(source);
  if (source instanceof Blob) return blobSource(source);
  if (source instanceof ArrayBuffer) return bytesSource(new Uint8Array(source));
  if (source instanceof Uint8Array) return bytesSource(source);
  // Its owner closes it.
  return {
    name: source.name,
    size: source.size,
    chunkSize: source.chunkSize ?? 0,
    read: (offset, length) => source.read(offset, length),
    ...(source.readPieces && { readPieces: source.readPieces.bind(source) }),
    ...(source.readInto && { readInto: source.readInto.bind(source) }),
    close: async () => {},
  };
}
