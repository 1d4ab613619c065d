import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { crc32 } from "./crc32.ts";
import { inflate } from "./inflate.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { signatures, sizes } from "./zip-format.ts";

// Nothing that PyTorch writes is deflated. What is can say that it holds a thousand times its size, and deflate has no more to give.
const maxInflated = 2 ** 31;
const maxRatio = 1032;

const chunkSize = 2 ** 22;

/** A ZIP archive all of whose files lie in one folder, as in what PyTorch saves. */
export class ZipArchive {
  readonly #source: ByteSource;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #hasCrcs: boolean;
  #inflated = 0;

  /** Names of its files within the folder. */
  readonly names: ReadonlySet<string>;

  private constructor(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
    this.#source = source;
    this.#entries = entries;
    this.names = new Set(entries.keys());
    // PyTorch can be told to compute none.
    this.#hasCrcs = [...entries.values()].some(({ crc }) => crc !== 0);
  }

  /**
   * Read its directory.
   *
   * @throws {CheckpointError} if that is damaged, or its files are in no folder
   */
  static async open(source: ByteSource): Promise<ZipArchive> {
    const entries = await readZipDirectory(source);
    const first = entries[0]?.name ?? "";
    const folder = first.slice(0, first.indexOf("/") + 1);
    if (folder === "") {
      throw new CheckpointError(
        source.name,
        "a ZIP archive whose files are in no folder",
        "torch.save did not make it.",
      );
    }
    const inFolder = entries.filter(({ name }) => name.startsWith(folder));
    return new ZipArchive(source, new Map(inFolder.map((entry) => [entry.name.slice(folder.length), entry])));
  }

  /** The bytes of a file, which must be there. Only what it is said to hold is allocated. */
  async read(name: string, { maxSize }: { maxSize: number }): Promise<Uint8Array> {
    const entry = this.#entry(name);
    if (entry.size > maxSize) this.#fail(name, `${entry.size} bytes are more than the ${maxSize} it may have`);
    return this.#readData(name, entry);
  }

  /** Likewise for a file that must have exactly `size` bytes. */
  async readExactly(name: string, size: number): Promise<Uint8Array> {
    const entry = this.#entry(name);
    if (entry.size !== size) this.#fail(name, `it has ${entry.size} bytes, and the pickle says ${size}`);
    return this.#readData(name, entry);
  }

  #entry(name: string): ZipEntry {
    return this.#entries.get(name) ?? this.#fail(name, "it is not in the archive");
  }

  #fail(name: string, what: string): never {
    throw new CheckpointError(this.#source.name, `${name}: ${what}`, "Copy or download the file again.");
  }

  async #readData(name: string, entry: ZipEntry): Promise<Uint8Array> {
    const offset = await this.#dataOffset(name, entry);
    if (!entry.isDeflated) return this.#readStored(name, entry, offset);
    if (entry.size > maxRatio * entry.storedSize) this.#fail(name, "it is said to hold more than can be compressed");
    this.#inflated += entry.size;
    if (this.#inflated > maxInflated) this.#fail(name, `more than ${maxInflated} bytes of the archive are compressed`);
    const inflated = await inflate(await this.#source.read(offset, entry.storedSize), entry.size);
    if (inflated === undefined) return this.#fail(name, `it does not decompress to ${entry.size} bytes`);
    this.#checkCrc(name, entry, crc32(inflated));
    return inflated;
  }

  /** Where its data begin: behind a header whose extra field may be as long as it likes. */
  async #dataOffset(name: string, { headerOffset, storedSize, limit }: ZipEntry): Promise<number> {
    const bytes = await this.#source.read(headerOffset, sizes.localHeader);
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (header.getUint32(0, true) !== signatures.localHeader) this.#fail(name, `it is not at byte ${headerOffset}`);
    const offset = headerOffset + sizes.localHeader + header.getUint16(26, true) + header.getUint16(28, true);
    if (offset + storedSize > limit) this.#fail(name, "it overlaps what follows it");
    return offset;
  }

  async #readStored(name: string, entry: ZipEntry, offset: number): Promise<Uint8Array> {
    const { size } = entry;
    if (this.#source.readInto === undefined || size <= chunkSize) {
      const bytes = await this.#source.read(offset, size);
      this.#checkCrc(name, entry, crc32(bytes));
      return bytes;
    }
    const bytes = new Uint8Array(size);
    let crc = 0;
    // The CRC of a chunk is computed while the next one is read.
    let before = bytes.subarray(0, 0);
    for (let at = 0; at < size; at += chunkSize) {
      const chunk = bytes.subarray(at, at + chunkSize);
      const reading = this.#source.readInto(offset + at, chunk);
      crc = crc32(before, crc);
      await reading;
      before = chunk;
    }
    this.#checkCrc(name, entry, crc32(before, crc));
    return bytes;
  }

  #checkCrc(name: string, { crc }: ZipEntry, actual: number): void {
    if (this.#hasCrcs && crc !== actual) this.#fail(name, "its bytes are not those that were saved (CRC32)");
  }
}
