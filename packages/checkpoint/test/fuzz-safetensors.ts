import fc from "fast-check";
import type { ByteSource } from "../src/bytes/byte-source.ts";
import { bytesSource } from "../src/bytes/bytes-source.ts";
import { loadSafetensors } from "../src/index.ts";
import { fileDTypes, isFileDType } from "../src/safetensors/file-dtypes.ts";
import { readShardIndex } from "../src/safetensors/shard-index.ts";
import { type FuzzResult, fuzz, isRead } from "./fuzz.ts";
import { mutated } from "./mutated.ts";
import { reference } from "./safetensors-reference.ts";

const withLength = (header: Uint8Array, data: Uint8Array): Uint8Array =>
  Uint8Array.from(Buffer.concat([new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer), header, data]));

const files = fc.constantFrom(...reference.files, ...reference.allowed).map(({ bytes }) => bytes);

/** Files of the Python package, damaged anywhere. */
const damagedFiles = files.chain(mutated);

/** The same with a damaged header, whose length is right again. */
const damagedHeaders = files.chain((bytes) => {
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return mutated(bytes.subarray(8, end)).map((header) => withLength(header, bytes.subarray(end)));
});

/** Mostly the one, sometimes the other. */
const mostly = <T>(one: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 20, arbitrary: one }, { weight: 1, arbitrary: other });

const names = mostly(
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "__metadata__", "toString", "", "dtype", "\ud800"),
);
const dtypes = mostly(fc.constantFrom(...Object.keys(fileDTypes)), fc.constantFrom("F33", "f32", ""));
const sizes = mostly(
  fc.nat(5).map(String),
  fc.constantFrom("-1", "1.0", "1e3", "01", "9007199254740991", "9007199254740992", "null"),
);
const slips = mostly(fc.constant(0), fc.integer({ min: -9, max: 9 }));

/** Headers that have everything a header has, with something wrong now and then. */
const almostHeaders = fc
  .record({
    entries: fc.uniqueArray(
      fc.record({
        name: names,
        dtype: dtypes,
        shape: fc.array(sizes, { maxLength: 4 }),
        slip: slips,
        more: mostly(
          fc.constant(""),
          fc.json().map((json) => `,"x":${json}`),
        ),
      }),
      { maxLength: 5, selector: ({ name }) => name },
    ),
    padding: mostly(fc.constant("   "), fc.constantFrom("\n", "{", "\0")),
    slip: slips,
  })
  .map(({ entries, padding, slip: atEnd }) => {
    let end = 0;
    const fields = entries.map(({ name, dtype, shape, slip, more }) => {
      const bits: number = isFileDType(dtype) ? fileDTypes[dtype].bits : 8;
      const begin = end + slip;
      end += Math.max(0, Math.ceil((shape.reduce((product, size) => product * Number(size), bits) || 0) / 8));
      return `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${begin},${end}]${more}}`;
    });
    return withLength(
      Buffer.from(`{${fields}}${padding}`),
      new Uint8Array(Math.max(0, Math.min(end, 100_000) + atEnd)),
    );
  });

const tokens = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  '"a"',
  '"dtype"',
  '"F32"',
  '"shape"',
  '"data_offsets"',
  '"__metadata__"',
  "0",
  "4",
  "null",
  " ",
  "\\",
  "true",
];

/** Text that is made of JSON's pieces. */
const soups = fc.oneof(
  fc.json().map((json) => withLength(Buffer.from(json), new Uint8Array(0))),
  fc
    .array(fc.constantFrom(...tokens), { maxLength: 40 })
    .map((parts) => withLength(Buffer.from(`{${parts.join("")}`), new Uint8Array(4))),
  fc.uint8Array({ maxLength: 64 }),
);

const index = new TextEncoder().encode(
  '{\n  "metadata": {"total_size": 136},\n  "weight_map": {"a": "model-00001-of-00002.safetensors", "b\\u00e9": "model-00002-of-00002.safetensors"}\n}\n',
);

/** A source that counts what is read of it. */
function counting(bytes: Uint8Array): ByteSource & { read: ByteSource["read"]; total: number } {
  const { read, ...rest } = bytesSource(bytes);
  const source = {
    ...rest,
    total: 0,
    read(offset: number, length: number) {
      source.total += length;
      return read(offset, length);
    },
  };
  return source;
}

async function checkFile(bytes: Uint8Array): Promise<boolean> {
  const source = counting(bytes);
  const wasRead = await isRead(async () => {
    for (const [name, tensor] of await loadSafetensors(source)) {
      if (tensor.bytes.length !== tensor.storage.bytes.length) throw new Error(`${name} is not what its storage has`);
      void tensor.data;
    }
  });
  // The first bytes, which may be all of them, are looked at once more.
  if (source.total > 2 * bytes.length) throw new Error(`${source.total} bytes were read of ${bytes.length}`);
  return wasRead;
}

/**
 * Hand the readers files that are wrong in every way that chance finds. Each must be read, or refused by a `CheckpointError`, without reading
 * more than there is, and with the prototypes as they were.
 *
 * @throws {Error} with the smallest file that does otherwise
 */
export const fuzzSafetensors = (cases: number, seed: number): Promise<FuzzResult> =>
  fuzz(cases, seed, [
    [0.3, damagedFiles, checkFile],
    [0.2, damagedHeaders, checkFile],
    [0.3, almostHeaders, checkFile],
    [0.1, soups, checkFile],
    [0.1, mutated(index), (bytes) => isRead(() => readShardIndex(bytesSource(bytes)))],
  ]);
