import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { quoted } from "../shown.ts";
import { flags, full16, full32, methods, signatures, sizes, zip64ExtraId } from "./zip-format.ts";

/** What the directory of a ZIP file says of one of its files. */
export interface ZipEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly storedSize: number;
  /** Bytes of the file itself. */
  readonly size: number;
  readonly headerOffset: number;
  /** Where what follows it begins, over which it may not reach. */
  readonly limit: number;
}

// PyTorch writes one for every tensor.
const maxEntries = 2 ** 20;
const maxNameLength = 4096;
const maxCommentLength = 0xffff;

/**
 * The files in a ZIP archive, in the order of its directory.
 *
 * @throws {CheckpointError} if it is damaged, encrypted, in parts, or ambiguous
 */
export async function readZipDirectory(source: ByteSource): Promise<ZipEntry[]> {
  const { count, offset, length } = await findDirectory(source);
  const directory = viewOf(await source.read(offset, length));
  const fail = (what: string): never => failure(source, what);
  const entries: Omit<ZipEntry, "limit">[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + sizes.centralHeader > length || directory.getUint32(at, true) !== signatures.centralHeader) {
      fail(`entry ${i} of the directory is not at byte ${offset + at}`);
    }
    const nameLength = directory.getUint16(at + 28, true);
    const extraLength = directory.getUint16(at + 30, true);
    const next = at + sizes.centralHeader + nameLength + extraLength + directory.getUint16(at + 32, true);
    if (next > length) fail(`entry ${i} of the directory is cut short`);
    if (nameLength > maxNameLength) fail(`entry ${i} has a name of ${nameLength} bytes`);
    const entry = entryAt(directory, at, source);
    if (names.has(entry.name)) failure(source, `there are two entries ${quoted(entry.name)}`, suspicious);
    names.add(entry.name);
    entries.push(entry);
    at = next;
  }
  return withLimits(entries, offset, source);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function failure(source: ByteSource, what: string, mend = "Copy or download the file again."): never {
  throw new CheckpointError(source.name, `ZIP directory: ${what}`, mend);
}

const repack = "Unpack it and pack it again, without compression.";
const suspicious = "torch.save did not make it: do not trust it.";

interface Directory {
  readonly count: number;
  readonly offset: number;
  readonly length: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailLength = Math.min(source.size, sizes.end + maxCommentLength);
  const tailOffset = source.size - tailLength;
  const tail = viewOf(await source.read(tailOffset, tailLength));
  // What follows the archive is ignored, as PyTorch does.
  for (let at = tailLength - sizes.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signatures.end) continue;
    const end = viewOf(new Uint8Array(tail.buffer, tail.byteOffset + at, sizes.end));
    return checked(source, await directoryOf(source, end, tailOffset + at), tailOffset + at);
  }
  return failure(source, "there is no end of one: the file is cut short");
}

async function directoryOf(source: ByteSource, end: DataView, endOffset: number): Promise<Directory> {
  const disks = [end.getUint16(4, true), end.getUint16(6, true)];
  const counts = [end.getUint16(8, true), end.getUint16(10, true)];
  const directory = { count: counts[1] as number, length: end.getUint32(12, true), offset: end.getUint32(16, true) };
  const locator = await zip64LocatorBefore(source, endOffset);
  if (locator === undefined) {
    const isInParts = disks.some((disk) => disk !== 0) || counts[0] !== counts[1];
    return isInParts ? failure(source, "the archive is in parts", repack) : directory;
  }
  const long = viewOf(await readWithin(source, locator, sizes.zip64End));
  if (long.getUint32(0, true) !== signatures.zip64End) failure(source, `its ZIP64 end is not at byte ${locator}`);
  const isInParts = long.getUint32(16, true) !== 0 || long.getUint32(20, true) !== 0;
  if (isInParts) failure(source, "the archive is in parts", repack);
  const count = longNumber(long, 32, source);
  const both = { count, length: longNumber(long, 40, source), offset: longNumber(long, 48, source) };
  // Readers that know no ZIP64 would see other files.
  const isSame =
    (directory.count === full16 || directory.count === both.count) &&
    (directory.length === full32 || directory.length === both.length) &&
    (directory.offset === full32 || directory.offset === both.offset);
  return isSame ? both : failure(source, "its two ends do not agree", suspicious);
}

/** Where the ZIP64 end is, if there is one. */
async function zip64LocatorBefore(source: ByteSource, endOffset: number): Promise<number | undefined> {
  const offset = endOffset - sizes.zip64EndLocator;
  if (offset < 0) return undefined;
  const locator = viewOf(await source.read(offset, sizes.zip64EndLocator));
  if (locator.getUint32(0, true) !== signatures.zip64EndLocator) return undefined;
  return longNumber(locator, 8, source);
}

const readWithin = async (source: ByteSource, offset: number, length: number): Promise<Uint8Array> =>
  offset + length <= source.size ? source.read(offset, length) : failure(source, `byte ${offset} is beyond the end`);

function checked(source: ByteSource, directory: Directory, endOffset: number): Directory {
  const { count, offset, length } = directory;
  if (offset + length > endOffset) failure(source, `it is said to be at bytes ${offset} to ${offset + length}`);
  if (count * sizes.centralHeader > length) failure(source, `${count} entries do not fit its ${length} bytes`);
  if (count > maxEntries) failure(source, `${count} entries are more than any checkpoint has`);
  return directory;
}

/** A number of 64 bits; none in a file is as large as what JavaScript cannot count. */
function longNumber(view: DataView, at: number, source: ByteSource): number {
  const number = view.getBigUint64(at, true);
  return number <= Number.MAX_SAFE_INTEGER ? Number(number) : failure(source, `it has the number ${number}`);
}

function entryAt(directory: DataView, at: number, source: ByteSource): Omit<ZipEntry, "limit"> {
  const nameLength = directory.getUint16(at + 28, true);
  const nameBytes = new Uint8Array(directory.buffer, directory.byteOffset + at + sizes.centralHeader, nameLength);
  const name = new TextDecoder().decode(nameBytes);
  const bits = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  if (bits & flags.encrypted) failure(source, `${quoted(name)} is encrypted`, repack);
  if (method !== methods.stored && method !== methods.deflated) {
    failure(source, `${quoted(name)} is compressed by method ${method}, which PyTorch does not read either`, repack);
  }
  if (![0, full16].includes(directory.getUint16(at + 34, true))) failure(source, "the archive is in parts", repack);
  const long = zip64Numbers(directory, at, source);
  const read = (field: number) => {
    const short = directory.getUint32(at + field, true);
    return short === full32 ? (long.shift() ?? short) : short;
  };
  // In the order of the ZIP64 field, which has only those that do not fit.
  const size = read(24);
  const storedSize = read(20);
  const headerOffset = read(42);
  const isDeflated = method === methods.deflated;
  const isWhole = isDeflated || size === storedSize;
  if (!isWhole) failure(source, `${quoted(name)} has two sizes, ${size} and ${storedSize} bytes`, suspicious);
  return { name, isDeflated, crc: directory.getUint32(at + 16, true), storedSize, size, headerOffset };
}

/** The numbers of an entry's ZIP64 field. */
function zip64Numbers(directory: DataView, at: number, source: ByteSource): number[] {
  const start = at + sizes.centralHeader + directory.getUint16(at + 28, true);
  const end = start + directory.getUint16(at + 30, true);
  for (let field = start; field + 4 <= end; ) {
    const next = field + 4 + directory.getUint16(field + 2, true);
    if (next > end) break;
    if (directory.getUint16(field, true) === zip64ExtraId) {
      const numbers: number[] = [];
      for (let number = field + 4; number + 8 <= next; number += 8) numbers.push(longNumber(directory, number, source));
      return numbers;
    }
    field = next;
  }
  return [];
}

/** No entry may reach over where the next one, or the directory, begins. */
function withLimits(
  entries: readonly Omit<ZipEntry, "limit">[],
  directoryOffset: number,
  source: ByteSource,
): ZipEntry[] {
  const starts = Float64Array.from([...entries.map(({ headerOffset }) => headerOffset), directoryOffset]).sort();
  const limits = new Map<number, number>();
  // Of two that begin in the same place the first limit stays, and is none.
  for (let i = starts.length - 2; i >= 0; i--) limits.set(starts[i] as number, starts[i + 1] as number);
  return entries.map((entry) => {
    const limit = limits.get(entry.headerOffset) as number;
    const least = entry.headerOffset + sizes.localHeader + entry.storedSize;
    const isApart = entry.headerOffset < directoryOffset && least <= limit;
    if (!isApart) failure(source, `${quoted(entry.name)} overlaps what follows it`, suspicious);
    return { ...entry, limit };
  });
}
