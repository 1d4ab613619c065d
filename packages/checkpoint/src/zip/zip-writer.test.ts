import { describe, expect, it } from "vitest";
import type { ByteSource } from "../bytes/byte-source.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { ZipWriter } from "./zip-writer.ts";

/** What is written, with a megabyte or more of it taken for zeros: so that it may be longer than memory. */
class SparseFile {
  readonly #pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #size = 0;

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length < 2 ** 20) this.#pieces.push({ at: this.#size, bytes: bytes.slice() });
    this.#size += bytes.length;
  }

  source(): ByteSource {
    return {
      name: "sparse",
      size: this.#size,
      read: async (offset, length) => {
        const read = new Uint8Array(length);
        for (const { at, bytes } of this.#pieces) {
          if (at + bytes.length <= offset || at >= offset + length) continue;
          const from = Math.max(offset - at, 0);
          read.set(bytes.subarray(from, offset + length - at), at + from - offset);
        }
        return read;
      },
      close: async () => {},
    };
  }
}

describe("ZipWriter", () => {
  it("writes entries of more than 4 GiB, and more behind them", async () => {
    const file = new SparseFile();
    const zip = new ZipWriter(file, "archive");
    // Memory that is never written to takes none.
    const large = new Uint8Array(2 ** 32 + 4096);
    await zip.add("data.pkl", Uint8Array.of(1, 2, 3));
    await zip.add("data/0", large);
    await zip.add("data/1", Uint8Array.of(4, 5, 6));
    await zip.finish();

    const entries = await readZipDirectory(file.source());
    expect(entries.map(({ name, size, headerOffset }) => ({ name, size, headerOffset }))).toEqual([
      { name: "archive/data.pkl", size: 3, headerOffset: 0 },
      // The places and sizes that PyTorch computes: headers with an extra field to the next multiple of 64, data, 16 or 24 bytes behind.
      { name: "archive/data/0", size: 2 ** 32 + 4096, headerOffset: 64 + 3 + 16 },
      { name: "archive/data/1", size: 3, headerOffset: 192 + 2 ** 32 + 4096 + 24 },
    ]);
    // From Python: zlib.crc32 of as many zeros.
    expect(entries[1]?.crc).toBe(0xb875d37f);
  });
});
