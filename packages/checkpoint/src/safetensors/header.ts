import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { mistakenFor } from "../mistaken-for.ts";
import { quoted, shownShape } from "../shown.ts";
import { type FileDTypeName, fileDTypes, isFileDType } from "./file-dtypes.ts";
import { JsonScanner } from "./json-scanner.ts";

/** The longest header that readers take, in bytes. */
export const longestHeader = 100_000_000;

/** What is read first, in bytes: with it come the headers of most files, which saves a way to the disk. */
const firstBytes = 2 ** 16;

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly dtype: FileDTypeName;
  readonly shape: readonly number[];
  /** Its first byte, counted from the beginning of the data. */
  readonly begin: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What a safetensors file says of itself. */
export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their data. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Where the data begin in the file, in bytes. */
  readonly dataStart: number;
}

/**
 * Read the header of a safetensors file, and check it against the format and against the length of the file.
 *
 * @throws {CheckpointError} that says what is wrong, and where
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 */
export async function readHeader(source: ByteSource): Promise<Header> {
  const { name: file, size } = source;
  const damaged = (what: string, mend = "It is damaged or was cut short: copy or download it again."): never => {
    throw new CheckpointError(file, what, mend);
  };
  if (size < 8)
    damaged(`${size} bytes are too few for a safetensors file, which begins with 8 that give its header's length`);
  const beginning = await source.read(0, Math.min(size, firstBytes));
  const declared = new DataView(beginning.buffer, beginning.byteOffset).getBigUint64(0, true);
  if (declared > longestHeader) {
    damaged(
      `bytes 0 to 7: a header of ${declared} bytes, and ${longestHeader} is the most`,
      mistakenFor(beginning, "safetensors"),
    );
  }
  const length = Number(declared);
  if (8 + length > size) {
    damaged(`bytes 0 to 7: a header of ${length} bytes, and the file has ${size - 8} more`);
  }
  const isThere = 8 + length <= beginning.length;
  const text = decode(isThere ? beginning.subarray(8, 8 + length) : await source.read(8, length));
  if (text === undefined) return damaged(`header, bytes 8 to ${7 + length}: no valid UTF-8`);
  if (text[0] !== "{") damaged(`header, byte 8: it must begin with {`);
  const { metadata, entries } = parseHeader(text, file);
  const ordered = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  checkTiling(ordered, size - 8 - length, damaged);
  return { metadata, entries: new Map(ordered), dataStart: 8 + length };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseHeader(text: string, file: string): { metadata: Map<string, string>; entries: Map<string, TensorEntry> } {
  const scanner = new JsonScanner(text, file, "header");
  const metadata = new Map<string, string>();
  const entries = new Map<string, TensorEntry>();
  scanner.object((name) => {
    if (name !== "__metadata__") entries.set(name, parseEntry(scanner, name));
    else if (!scanner.takeNull()) scanner.object((key) => metadata.set(key, scanner.string()));
  });
  scanner.end(" ");
  return { metadata, entries };
}

function parseEntry(scanner: JsonScanner, name: string): TensorEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const counts = (): number[] => {
    const numbers: number[] = [];
    scanner.array(() => numbers.push(scanner.count()));
    return numbers;
  };
  scanner.object((field) => {
    if (field === "dtype") dtype = scanner.string();
    else if (field === "shape") shape = counts();
    else if (field === "data_offsets") offsets = counts();
    else scanner.skip();
  });
  const fail = (what: string): never => scanner.fail(`tensor ${quoted(name)}: ${what}`);
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    return fail("it needs dtype, shape and data_offsets");
  }
  if (!isFileDType(dtype)) return fail(`dtype ${quoted(dtype)} is none of ${Object.keys(fileDTypes).join(", ")}`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    return fail(`data_offsets must be two numbers, and are ${offsets.length}`);
  }
  if (end < begin) fail(`data_offsets [${begin}, ${end}] end before they begin`);
  const { bits } = fileDTypes[dtype];
  const shown = shownShape(shape);
  const wanted = shape.reduce((product, size) => {
    const bitsSoFar = product * size;
    return Number.isSafeInteger(bitsSoFar) ? bitsSoFar : fail(`shape ${shown} has too many elements`);
  }, bits);
  if (wanted % 8 !== 0) fail(`shape ${shown} of ${dtype} does not fill whole bytes`);
  if (end - begin !== wanted / 8) {
    fail(
      `data_offsets [${begin}, ${end}] are ${end - begin} bytes, and shape ${shown} of ${dtype} takes ${wanted / 8}`,
    );
  }
  return { dtype, shape, begin, end };
}

/** Each tensor must begin where the one before it ended, and the last end with the file. */
function checkTiling(
  ordered: readonly (readonly [string, TensorEntry])[],
  length: number,
  damaged: (what: string) => never,
): void {
  let reached = 0;
  for (const [name, { begin, end }] of ordered) {
    if (begin !== reached) {
      damaged(`header: tensor ${quoted(name)}: its data begin at ${begin}, and the one before it ends at ${reached}`);
    }
    reached = end;
  }
  if (reached !== length) damaged(`header: the tensors take ${reached} bytes, and ${length} follow the header`);
}
