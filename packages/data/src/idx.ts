import { DataFormatError } from "./data-format-error.ts";
import { gunzip, isGzip } from "./gunzip.ts";

/** The element types of the IDX format, each with its typed array. */
export interface IdxArrays {
  uint8: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type IdxDType = keyof IdxArrays;

/** An array from an IDX file. `dtype` says which typed array `data` is. */
export type IdxArray = {
  [DType in IdxDType]: { dtype: DType; shape: number[] /** Row-major. */; data: IdxArrays[DType] };
}[IdxDType];

export interface ReadIdxOptions {
  /**
   * What error messages call the file.
   * @defaultValue "IDX file"
   */
  name?: string;
  /**
   * The most bytes of data to accept.
   * @defaultValue 2 ** 30, one GiB
   */
  maxBytes?: number;
}

const types: ReadonlyMap<number, IdxDType> = new Map([
  [0x08, "uint8"],
  [0x09, "int8"],
  [0x0b, "int16"],
  [0x0c, "int32"],
  [0x0d, "float32"],
  [0x0e, "float64"],
]);

const bytesOf: Readonly<Record<IdxDType, number>> = { uint8: 1, int8: 1, int16: 2, int32: 4, float32: 4, float64: 8 };

const mostDimensions = 8;

interface Header {
  dtype: IdxDType;
  shape: number[];
  /** Bytes of header, and of data after it. */
  start: number;
  size: number;
}

/**
 * Read an IDX file, the format of MNIST, Fashion-MNIST, KMNIST and EMNIST, gzipped or not.
 *
 * The file is not trusted: sizes are checked against what is there before anything is allocated, and it is read whole or not at all.
 *
 * @param bytes - the file, as it came from disk or from the network
 * @throws {DataFormatError} if it is no IDX file, damaged, cut short, longer than it says, or larger than `maxBytes`
 * @example
 * // Two rows of three bytes.
 * const { dtype, shape, data } = await readIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6));
 * dtype; // => "uint8"
 * shape; // => [2, 3]
 * data; // => Uint8Array [1, 2, 3, 4, 5, 6]
 * @see {@link https://github.com/cvdfoundation/mnist | MNIST, with the description of the format}
 */
export async function readIdx(bytes: Uint8Array | ArrayBuffer, options: ReadIdxOptions = {}): Promise<IdxArray> {
  const { name = "IDX file", maxBytes = 2 ** 30 } = options;
  const given = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const end = (soFar: Uint8Array): number => {
    const header = headerOf(soFar, name, maxBytes);
    return header ? header.start + header.size : 4 + 4 * mostDimensions;
  };
  const file = isGzip(given) ? await gunzip(new Uint8Array(given), name, end) : given;
  const header = headerOf(file, name, maxBytes);
  if (!header) {
    throw new DataFormatError(name, `ends inside its header, after ${file.length} bytes`, "Download the file again.");
  }
  const { dtype, shape, start, size } = header;
  const there = file.length - start;
  if (there !== size) {
    const how = there < size ? "is cut short" : "is longer than it says";
    throw new DataFormatError(
      name,
      `${how}: its header says [${shape.join(", ")}] ${dtype}, ${size} bytes, and ${there} follow`,
      "Download the file again.",
    );
  }
  return { dtype, shape, data: dataOf(dtype, file, start, size) } as IdxArray;
}

/** The header, checked, or undefined where not all of it is there yet. */
function headerOf(file: Uint8Array, name: string, maxBytes: number): Header | undefined {
  if (file.length < 4) return undefined;
  const [first, second, code = 0, rank = 0] = file;
  const dtype = types.get(code);
  if (first !== 0 || second !== 0 || !dtype) {
    const magic = [...file.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DataFormatError(
      name,
      `is not an IDX file: it starts with ${magic}`,
      "IDX starts with 00 00, a type from 08 to 0e, and the number of dimensions.",
    );
  }
  if (rank < 1 || rank > mostDimensions) {
    throw new DataFormatError(name, `says it has ${rank} dimensions`, `Between 1 and ${mostDimensions} can be read.`);
  }
  const start = 4 + 4 * rank;
  if (file.length < start) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, start);
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  const size = shape.reduce((product, each) => product * each, bytesOf[dtype]);
  if (size > maxBytes) {
    throw new DataFormatError(
      name,
      `says it holds [${shape.join(", ")}] ${dtype}, more than ${maxBytes} bytes`,
      "If that is right, raise maxBytes.",
    );
  }
  return { dtype, shape, start, size };
}

function dataOf(dtype: IdxDType, file: Uint8Array, start: number, size: number): IdxArrays[IdxDType] {
  // A copy, so that the data does not hold on to the file, begins on a boundary, and can be turned around in place.
  const copy = file.slice(start, start + size);
  const { buffer } = copy;
  if (dtype === "uint8") return copy;
  if (dtype === "int8") return new Int8Array(buffer);
  const view = new DataView(buffer);
  const count = size / bytesOf[dtype];
  const from = <A extends { [index: number]: number }>(array: A, read: (at: number) => number): A => {
    for (let i = 0; i < count; i++) array[i] = read(i * bytesOf[dtype]);
    return array;
  };
  switch (dtype) {
    case "int16":
      return from(new Int16Array(buffer), (at) => view.getInt16(at));
    case "int32":
      return from(new Int32Array(buffer), (at) => view.getInt32(at));
    case "float32":
      return from(new Float32Array(buffer), (at) => view.getFloat32(at));
    case "float64":
      return from(new Float64Array(buffer), (at) => view.getFloat64(at));
    default:
      return dtype satisfies never;
  }
}
