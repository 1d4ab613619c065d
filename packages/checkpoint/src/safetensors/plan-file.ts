import { quoted } from "../shown.ts";
import type { TensorToSave } from "../tensors/tensor-to-save.ts";
import { type FileDTypeName, fileDTypeOf, rankOf } from "./file-dtypes.ts";
import { longestHeader } from "./header.ts";

/** A tensor on its way into a safetensors file. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: FileDTypeName;
  readonly tensor: TensorToSave;
}

/** A file that is to be written: its header, then the tensors in their order. */
export interface FilePlan {
  /** With its length in front, and padded to whole multiples of 8 bytes. */
  readonly header: Uint8Array;
  readonly tensors: readonly NamedTensor[];
  /** Of the whole file. */
  readonly byteLength: number;
}

/** @throws {TypeError} if safetensors files hold no tensors of its dtype */
export function namedTensor(where: string, name: string, tensor: TensorToSave): NamedTensor {
  const dtype = fileDTypeOf(tensor.dtype);
  if (dtype !== undefined) return { name, dtype, tensor };
  throw new TypeError(
    `${where}: ${quoted(name)} is of ${tensor.dtype}, which the format does not have. Save it with savePt, or as two tensors of float64.`,
  );
}

/**
 * Lay out a file as the safetensors library does: the largest elements first, so that every tensor is aligned to its own, then by name.
 *
 * @throws {RangeError} if the header is longer than readers take
 */
export function planFile(
  where: string,
  tensors: readonly NamedTensor[],
  metadata: ReadonlyMap<string, string>,
): FilePlan {
  const ordered = tensors.toSorted((a, b) => rankOf(b.dtype) - rankOf(a.dtype) || compareByCodePoint(a.name, b.name));
  let end = 0;
  // Written out piece by piece: in an object, a name like "10" would move to the front.
  const fields = ordered.map(({ name, dtype, tensor: { shape, byteLength } }) => {
    const begin = end;
    end += byteLength;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape: shapeInFile(dtype, shape), data_offsets: [begin, end] })}`;
  });
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    fields.unshift(`"__metadata__":{${pairs.join(",")}}`);
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > longestHeader) {
    throw new RangeError(
      `${where}: names, shapes and metadata take ${length} bytes, and readers take ${longestHeader}. Save less metadata, or the tensors in several files with maxShardSize.`,
    );
  }
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return { header, tensors: ordered, byteLength: header.length + end };
}

/** PyTorch counts pairs of 4-bit floats, the format each of them. */
const shapeInFile = (dtype: FileDTypeName, shape: readonly number[]): readonly number[] =>
  dtype === "F4" ? [...shape.slice(0, -1), (shape.at(-1) ?? 1) * 2] : shape;

/** The order of the bytes of UTF-8; JavaScript's puts what lies beyond 16 bits before U+E000. */
function compareByCodePoint(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}
