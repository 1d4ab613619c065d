import { DataFormatError } from "./data-format-error.ts";
import { isGzip } from "./gunzip.ts";

/** The images of a CIFAR-10 file and what they show. */
export interface Cifar10 {
  /** Row-major, 0 (dark) to 255. */
  images: Uint8Array;
  /** `[N, 3, 32, 32]`: red, green and blue. */
  shape: [count: number, channels: 3, height: 32, width: 32];
  /** What each image shows, 0 to 9: places in {@link cifar10Classes}. */
  labels: Uint8Array;
}

/** The images of a CIFAR-100 file and what they show. */
export interface Cifar100 extends Cifar10 {
  /** What each image shows, 0 to 99: lines of the archive's `fine_label_names.txt`. */
  labels: Uint8Array;
  /** To which group of five classes that belongs, 0 to 19: lines of `coarse_label_names.txt`. */
  coarseLabels: Uint8Array;
}

export interface ReadCifarOptions {
  /**
   * What error messages call the file.
   * @defaultValue "CIFAR-10 file", or "CIFAR-100 file"
   */
  name?: string;
  /**
   * The most bytes to accept.
   * @defaultValue 2 ** 30, one GiB: seven times all of CIFAR-10
   */
  maxBytes?: number;
}

/** What the labels of CIFAR-10 mean, in their order. */
export const cifar10Classes = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

const pixels = 3 * 32 * 32;

/** How one of the two data sets lays out its records: some bytes of labels, each below its bound, then the pixels. */
interface Layout {
  readonly set: string;
  readonly reader: string;
  readonly archive: string;
  readonly labels: readonly { readonly what: string; readonly classes: number }[];
}

const cifar10: Layout = {
  set: "CIFAR-10",
  reader: "readCifar10",
  archive: "cifar-10-binary.tar.gz",
  labels: [{ what: "label", classes: 10 }],
};

const cifar100: Layout = {
  set: "CIFAR-100",
  reader: "readCifar100",
  archive: "cifar-100-binary.tar.gz",
  labels: [
    { what: "coarse label", classes: 20 },
    { what: "fine label", classes: 100 },
  ],
};

const recordBytes = ({ labels }: Layout): number => labels.length + pixels;

/**
 * Read a file of CIFAR-10's binary version (`data_batch_1.bin` to `data_batch_5.bin`, `test_batch.bin`): records of a label and an image.
 *
 * The file is not trusted: its length and every label are checked before anything is allocated, and it is read whole or not at all.
 *
 * @param bytes - the file, as it came out of `cifar-10-binary.tar.gz`
 * @throws {DataFormatError} if it is empty, cut short, of another version of the data set, still packed, or larger than `maxBytes`
 * @example
 * const record = new Uint8Array(3073).fill(255, 1, 1025); // label 0, and an image that is red all over
 * const { images, shape, labels } = readCifar10(record);
 * shape; // => [1, 3, 32, 32]
 * Array.from(labels, (label) => cifar10Classes[label]); // => ["airplane"]
 * images.slice(1022, 1026); // => Uint8Array [255, 255, 0, 0]
 * @see {@link https://www.cs.toronto.edu/~kriz/cifar.html | The CIFAR-10 and CIFAR-100 datasets, Krizhevsky 2009}
 */
export function readCifar10(bytes: Uint8Array | ArrayBuffer, options: ReadCifarOptions = {}): Cifar10 {
  const { images, shape, labels } = read(cifar10, bytes, options);
  const [of] = labels as [Uint8Array];
  return { images, shape, labels: of };
}

/**
 * Read a file of CIFAR-100's binary version (`train.bin`, `test.bin`): {@link readCifar10}, with a second label.
 *
 * @param bytes - the file, as it came out of `cifar-100-binary.tar.gz`
 * @throws {DataFormatError} as {@link readCifar10} does
 * @example
 * const record = new Uint8Array(3074);
 * record.set([4, 51]); // the group of fruit and vegetables, mushroom
 * const { shape, labels, coarseLabels } = readCifar100(record);
 * shape; // => [1, 3, 32, 32]
 * labels; // => Uint8Array [51]
 * coarseLabels; // => Uint8Array [4]
 */
export function readCifar100(bytes: Uint8Array | ArrayBuffer, options: ReadCifarOptions = {}): Cifar100 {
  const { images, shape, labels } = read(cifar100, bytes, options);
  const [coarseLabels, fine] = labels as [Uint8Array, Uint8Array];
  return { images, shape, labels: fine, coarseLabels };
}

function read(
  layout: Layout,
  bytes: Uint8Array | ArrayBuffer,
  { name = `${layout.set} file`, maxBytes = 2 ** 30 }: ReadCifarOptions,
): Pick<Cifar10, "images" | "shape"> & { labels: Uint8Array[] } {
  const file = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  check(layout, file, name, maxBytes);
  const size = recordBytes(layout);
  const count = file.length / size;
  const images = new Uint8Array(count * pixels);
  for (let i = 0; i < count; i++) images.set(file.subarray((i + 1) * size - pixels, (i + 1) * size), i * pixels);
  return {
    images,
    shape: [count, 3, 32, 32],
    labels: layout.labels.map((_, which) => Uint8Array.from({ length: count }, (_, i) => file[i * size + which] ?? 0)),
  };
}

function check(layout: Layout, file: Uint8Array, name: string, maxBytes: number): void {
  const problem = problemOf(layout, file, maxBytes);
  if (problem) throw new DataFormatError(name, ...(mistaken(layout, file) ?? problem));
}

type Problem = readonly [what: string, mend: string];

function problemOf(layout: Layout, file: Uint8Array, maxBytes: number): Problem | null {
  const { set, archive, labels } = layout;
  const [size, again] = [recordBytes(layout), `Unpack ${archive} again, and give one of its .bin files.`];
  if (file.length > maxBytes) {
    return [`has ${file.length} bytes, more than ${maxBytes}`, "If that is right, raise maxBytes."];
  }
  if (file.length === 0) return ["is empty", again];
  if (file.length % size !== 0) {
    return [`has ${file.length} bytes, no whole number of ${set}'s records of ${size}`, again];
  }
  for (let at = 0; at < file.length; at += size) {
    for (const [which, { what, classes }] of labels.entries()) {
      const label = file[at + which] ?? 0;
      if (label < classes) continue;
      return [
        `gives image ${at / size} the ${what} ${label}, and ${set}'s end at ${classes - 1}: it is damaged`,
        again,
      ];
    }
  }
  return null;
}

/** What people give instead of a .bin file, and what to do then. */
function mistaken(layout: Layout, file: Uint8Array): Problem | null {
  const { archive, set } = layout;
  const mend = `Give a .bin file of ${archive}.`;
  const has = (text: string, at = 0): boolean => [...text].every((letter, i) => file[at + i] === letter.charCodeAt(0));
  if (isGzip(file)) return ["is still packed (gzip)", `Give a .bin file of what \`tar -xzf\` makes of ${archive}.`];
  if (has("ustar", 257)) return ["is still packed (tar)", "Give a .bin file of what `tar -xf` makes of it."];
  if (has("PK")) return ["is still packed (zip)", "Give a .bin file of what it holds."];
  // A pickle begins with this byte and the version of its protocol.
  if (file[0] === 0x80 && (file[1] ?? 0) <= 5) return [`is of ${set}'s Python version`, mend];
  if (has("MATLAB")) return [`is of ${set}'s Matlab version`, mend];
  const other = layout === cifar10 ? cifar100 : cifar10;
  if (file.length > 0 && file.length % recordBytes(other) === 0) {
    return [`has the length of a ${other.set} file`, `Read it with ${other.reader}.`];
  }
  return file.length > 0 && file.every(isText) ? ["is text", mend] : null;
}

const isText = (byte: number): boolean =>
  byte >= 0x20 ? byte < 0x7f : byte === 0x0a || byte === 0x0d || byte === 0x09;
