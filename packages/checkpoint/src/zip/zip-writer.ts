import type { ByteSink } from "../bytes/byte-sink.ts";
import { crc32 } from "./crc32.ts";
import { flags, full16, full32, signatures, sizes, zip64ExtraId } from "./zip-format.ts";

/** Entries begin at multiples of this many bytes, so that PyTorch can map them into memory. */
export const alignment = 64;

// Long enough that calls cost nothing, short enough that a chunk's CRC is still in the processor's cache when it is written.
const chunkSize = 2 ** 22;

interface WrittenEntry {
  readonly name: Uint8Array;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
}

/**
 * Writes a ZIP file as PyTorch lays it out: entries stored, each aligned by an extra field `FB` of filling, its CRC after it. PyTorch computes
 * places from this layout (`calculate_storage_offsets`), so it is to be kept to the byte.
 */
export class ZipWriter {
  readonly #sink: ByteSink;
  readonly #folder: string;
  readonly #entries: WrittenEntry[] = [];
  #position = 0;

  /** @param folder - what every entry's name begins with, without the slash */
  constructor(sink: ByteSink, folder: string) {
    this.#sink = sink;
    this.#folder = folder;
  }

  /** Write an entry. Resolves when its bytes may change again. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    const fullName = new TextEncoder().encode(`${this.#folder}/${name}`);
    const offset = this.#position;
    const { length: size } = bytes;
    await this.#write(localHeader(fullName, offset, size));
    const crc = await this.#writeData(bytes);
    // As PyTorch does: what is empty has nothing after it.
    if (size > 0) await this.#write(dataDescriptor(offset, size, crc));
    this.#entries.push({ name: fullName, offset, size, crc });
  }

  /** 40 digits that tell archives of other names or bytes apart, as PyTorch's do. */
  serializationId(): string {
    let names = 0;
    let contents = 0;
    for (const { name, crc } of this.#entries) {
      names = crc32(name, names);
      contents = crc32(new Uint8Array(Uint32Array.of(crc).buffer), contents);
    }
    return `${names}`.padStart(20, "0") + `${contents}`.padStart(20, "0");
  }

  /** Write the directory, with which the file is whole. */
  async finish(): Promise<void> {
    const start = this.#position;
    for (const entry of this.#entries) await this.#write(centralHeader(entry));
    await this.#write(endOfDirectory(this.#entries.length, start, this.#position - start));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#position += bytes.length;
    await this.#sink.write(bytes);
  }

  /** Writes the bytes; the CRC of each chunk is computed while the one before it is written. */
  async #writeData(bytes: Uint8Array): Promise<number> {
    const crcElsewhere = this.#sink.writeWithCrc?.(bytes);
    if (crcElsewhere) {
      this.#position += bytes.length;
      return crcElsewhere;
    }
    let crc = 0;
    let written = Promise.resolve();
    for (let at = 0; at < bytes.length; at += chunkSize) {
      const chunk = bytes.subarray(at, at + chunkSize);
      crc = crc32(chunk, crc);
      await written;
      written = this.#write(chunk);
    }
    await written;
    return crc;
  }
}

/** Numbers one after the other, little-endian. */
class Fields {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(...numbers: number[]): this {
    for (const number of numbers) {
      this.#view.setUint16(this.#at, number, true);
      this.#at += 2;
    }
    return this;
  }

  u32(...numbers: number[]): this {
    for (const number of numbers) {
      this.#view.setUint32(this.#at, number, true);
      this.#at += 4;
    }
    return this;
  }

  u64(...numbers: number[]): this {
    for (const number of numbers) {
      this.#view.setBigUint64(this.#at, BigInt(number), true);
      this.#at += 8;
    }
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}

const needsZip64 = (offset: number, size: number): boolean => offset >= full32 || size >= full32;

/** Sizes and place of an entry that does not fit 32 bits; only what does not fit. */
function zip64Extra(offset: number, size: number): Uint8Array {
  if (!needsZip64(offset, size)) return new Uint8Array(0);
  const numbers = [...(size >= full32 ? [size, size] : []), ...(offset >= full32 ? [offset] : [])];
  return new Fields(4 + 8 * numbers.length).u16(zip64ExtraId, 8 * numbers.length).u64(...numbers).bytes;
}

function localHeader(name: Uint8Array, offset: number, size: number): Uint8Array {
  const zip64 = zip64Extra(offset, size);
  const unpadded = offset + sizes.localHeader + name.length + zip64.length + 4;
  const padding = (alignment - (unpadded % alignment)) % alignment;
  const bits = size > 0 ? flags.utf8 | flags.dataDescriptor : flags.utf8;
  return new Fields(unpadded - offset + padding)
    .u32(signatures.localHeader)
    .u16(0, bits, 0, 0, 0)
    .u32(0, 0, 0)
    .u16(name.length, zip64.length + 4 + padding)
    .raw(name)
    .raw(zip64)
    .u16(0x4246, padding)
    .raw(new Uint8Array(padding).fill(0x5a)).bytes;
}

function dataDescriptor(offset: number, size: number, crc: number): Uint8Array {
  const isLong = needsZip64(offset, size);
  const fields = new Fields(isLong ? sizes.zip64DataDescriptor : sizes.dataDescriptor);
  fields.u32(signatures.dataDescriptor, crc);
  return (isLong ? fields.u64(size, size) : fields.u32(size, size)).bytes;
}

function centralHeader({ name, offset, size, crc }: WrittenEntry): Uint8Array {
  const zip64 = zip64Extra(offset, size);
  const shortSize = Math.min(size, full32);
  const bits = size > 0 ? flags.utf8 | flags.dataDescriptor : flags.utf8;
  return new Fields(sizes.centralHeader + name.length + zip64.length)
    .u32(signatures.centralHeader)
    .u16(0, 0, bits, 0, 0, 0)
    .u32(crc, shortSize, shortSize)
    .u16(name.length, zip64.length, 0, 0, 0)
    .u32(0, Math.min(offset, full32))
    .raw(name)
    .raw(zip64).bytes;
}

/** The end of the file; with the ZIP64 part always, as PyTorch writes it. */
function endOfDirectory(count: number, start: number, length: number): Uint8Array {
  const shortCount = Math.min(count, full16);
  return new Fields(sizes.zip64End + sizes.zip64EndLocator + sizes.end)
    .u32(signatures.zip64End)
    .u64(sizes.zip64End - 12)
    .u16(45, 45)
    .u32(0, 0)
    .u64(count, count, length, start)
    .u32(signatures.zip64EndLocator, 0)
    .u64(start + length)
    .u32(1)
    .u32(signatures.end)
    .u16(0, 0, shortCount, shortCount)
    .u32(Math.min(length, full32), Math.min(start, full32))
    .u16(0).bytes;
}
