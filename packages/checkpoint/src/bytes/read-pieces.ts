import type { ByteSource } from "./byte-source.ts";

/** Bytes of `source` from `offset` on in pieces of these lengths. More than one are in memory of their own. */
export async function readPieces(
  source: ByteSource,
  offset: number,
  lengths: readonly number[],
): Promise<Uint8Array[]> {
  if (source.readPieces) return source.readPieces(offset, lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const bytes = await source.read(offset, total);
  if (lengths.length === 1) return [bytes];
  let end = 0;
  return lengths.map((length) => {
    const begin = end;
    end += length;
    return bytes.slice(begin, end);
  });
}
