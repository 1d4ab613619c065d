import type { TensorProto } from "@anneal/summary";

/** Reads one little-endian number of a type, by TensorFlow's number of the type, with its size in bytes. */
const readers: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [8, (view, at) => view.getFloat64(at, true)],
  3: [4, (view, at) => view.getInt32(at, true)],
  4: [1, (view, at) => view.getUint8(at)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [1, (view, at) => view.getInt8(at)],
  9: [8, (view, at) => Number(view.getBigInt64(at, true))],
  10: [1, (view, at) => view.getUint8(at)],
};

/** More numbers than anything the board draws has. */
const most = 1 << 20;

/** The numbers of a tensor, row by row; undefined where there are none, or of a type that no writer of charts uses. */
export function tensorNumbers(tensor: TensorProto): Float64Array | undefined {
  const content = tensor.tensorContent;
  const reader = readers[tensor.dtype];
  if (content !== undefined && content.length > 0 && reader !== undefined) {
    const [size, read] = reader;
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    return Float64Array.from({ length: Math.min(most, Math.floor(content.length / size)) }, (_, k) =>
      read(view, k * size),
    );
  }
  const listed = tensor.floatVal ?? tensor.doubleVal ?? tensor.intVal ?? tensor.int64Val ?? tensor.boolVal;
  if (listed === undefined) return undefined;
  // One number may stand for all of them.
  return listed.length === 1
    ? new Float64Array(elements(tensor)).fill(Number(listed[0]))
    : Float64Array.from(listed, Number);
}

export const tensorShape = ({ tensorShape }: TensorProto): number[] => tensorShape.dim.map(({ size }) => size);

const decoder = new TextDecoder();

export function tensorStrings(tensor: TensorProto): string[] {
  return (tensor.stringVal ?? []).map((bytes) => decoder.decode(bytes));
}

function elements(tensor: TensorProto): number {
  return tensorShape(tensor).reduce((product, size) => Math.min(most, product * Math.max(0, size)), 1);
}
