import { bytesPerElement, type DType } from "@anneal/kernel";
import { DeviceError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { numelOf, type Shape } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";

export type TypedArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Numbers nested as deep as the tensor has dimensions; a plain number for a scalar. int64 gives numbers too, exact to 2^53. */
export type NestedArray = number | NestedArray[];

const arrays: Readonly<Record<DType, (bytes: ArrayBuffer) => TypedArray>> = {
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  float16: (bytes) => new Float32Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
};

interface Range {
  readonly tensor: Tensor;
  readonly offset: number;
  readonly bytes: number;
}

/** The tensor's elements as one run in a buffer. */
function rangeOf(source: Tensor): Range {
  const tensor = (source.dtype === "float16" ? source.to("float32") : source).contiguous();
  const size = bytesPerElement[tensor.dtype];
  store(tensor.cell.value);
  return { tensor, offset: tensor.layout.offset * size, bytes: tensor.numel * size };
}

export async function read(source: Tensor): Promise<TypedArray> {
  const { tensor, offset, bytes } = rangeOf(source);
  const buffer = store(tensor.cell.value);
  const data = bytes === 0 ? new Uint8Array(0) : await tensor.device.read(buffer, offset, bytes);
  return arrays[tensor.dtype](data.buffer);
}

export function readSync(source: Tensor, where: string): TypedArray {
  const { device } = source;
  if (!device.readSync) {
    throw new DeviceError(
      where,
      `the ${device.info.name} device cannot hand out numbers while you wait`,
      "Use await tensor.data(), .array() or .item().",
    );
  }
  const { tensor, offset, bytes } = rangeOf(source);
  const data = bytes === 0 ? new Uint8Array(0) : device.readSync(store(tensor.cell.value), offset, bytes);
  return arrays[tensor.dtype](data.buffer);
}

/** Read the bytes at once into memory that is there already, where that is faster; false where it is not, and nothing was read. */
export function readInto(source: Tensor, target: Uint8Array): boolean {
  const { device, dtype, numel } = source;
  // Numbers of float16 are given as float32.
  if (!device.readInto || dtype === "float16" || target.length !== numel * bytesPerElement[dtype]) return false;
  const { tensor, offset } = rangeOf(source);
  if (numel > 0) device.readInto(store(tensor.cell.value), offset, target);
  return true;
}

export const readNested = async (tensor: Tensor): Promise<NestedArray> => nest(await read(tensor), tensor.shape);

export const readNestedSync = (tensor: Tensor): NestedArray => nest(readSync(tensor, "arraySync"), tensor.shape);

function nest(data: TypedArray, shape: Shape): NestedArray {
  const level = (dim: number, start: number): NestedArray => {
    if (dim === shape.length) return Number(data[start]);
    const step = numelOf(shape.slice(dim + 1));
    return Array.from({ length: shape[dim] as number }, (_, i) => level(dim + 1, start + i * step));
  };
  return level(0, 0);
}
