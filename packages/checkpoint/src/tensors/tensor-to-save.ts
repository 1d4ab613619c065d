import { type DType, dtypeOfArray, elementTypes, isDType, type NumberArray } from "./dtype.ts";
import { SavedTensor } from "./saved-tensor.ts";
import { narrow } from "./short-floats.ts";

/** A tensor on its way into a file. Its bytes are asked for when their turn comes, so that not all are in memory at once. */
export interface TensorToSave {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Two with the same one are the same tensor, to be written once. */
  readonly identity: unknown;
  /** Its bytes, row-major and little-endian: perhaps the tensor's own memory. */
  read(): Uint8Array | Promise<Uint8Array>;
  /** Copy them at once into memory of `byteLength` bytes; false where it cannot be done, and nothing was copied. */
  readInto?(target: Uint8Array): boolean;
}

/** Numbers with their shape: what optimizers and averages over plain arrays save. */
export interface ShapedNumbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint>;
  readonly dtype?: string;
}

/** Tensors of any library: ours, TensorFlow.js's. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<ArrayLike<number | bigint>>;
  /**
   * Where there is one, it copies the bytes that `data` would give at once into memory of as many, which is faster for memory that was used
   * before; or returns false.
   */
  readInto?(target: Uint8Array): boolean;
}

/** What counts as a tensor: one of a file, a typed array, numbers with their shape, a tensor of any library. */
export type TensorValue = SavedTensor | NumberArray | ShapedNumbers | TensorLike;

/**
 * `value` as a tensor, or undefined if it is none. Tensors are: what was loaded from a file, typed arrays, `{ shape, data }` (with `dtype` where
 * the array does not tell), and tensors of any library with `shape`, `dtype` and `data()`.
 *
 * @param where - what messages call it
 * @throws {TypeError | RangeError} if it says it is a tensor but is not a whole one
 */
export function tensorToSave(value: unknown, where: string): TensorToSave | undefined {
  if (value instanceof SavedTensor) return savedTensorToSave(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as NumberArray;
    return arrayToSave(array, [array.length], dtypeOfArray(array), where, value);
  }
  if (!isShaped(value)) return undefined;
  if (typeof value.data === "function") return tensorLikeToSave(value as TensorLike, where);
  const { data, shape, dtype } = value as ShapedNumbers;
  if (typeof data !== "object" || data === null) return undefined;
  const array = Array.isArray(data) ? Float32Array.from(data) : (data as NumberArray);
  return arrayToSave(array, shape, checkedDType(dtype ?? dtypeOfArray(array), where), where, data);
}

const isShaped = (value: unknown): value is { shape: readonly number[]; data: unknown } =>
  typeof value === "object" && value !== null && "data" in value && "shape" in value && Array.isArray(value.shape);

function savedTensorToSave(tensor: SavedTensor): TensorToSave {
  const { dtype, shape, numel } = tensor;
  const byteLength = numel * elementTypes[dtype].size;
  return { dtype, shape, byteLength, identity: tensor, read: () => tensor.bytes };
}

function arrayToSave(
  array: NumberArray,
  shape: readonly number[],
  dtype: DType,
  where: string,
  identity: unknown,
): TensorToSave {
  const byteLength = checkedByteLength(shape, dtype, where);
  checkCount(array, shape, dtype, where);
  return { dtype, shape, byteLength, identity, read: () => bytesOf(array, dtype, where) };
}

function tensorLikeToSave(tensor: TensorLike, where: string): TensorToSave {
  const { shape } = tensor;
  const dtype = checkedDType(tensor.dtype, where);
  const byteLength = checkedByteLength(shape, dtype, where);
  return {
    dtype,
    shape: [...shape],
    byteLength,
    identity: tensor,
    async read() {
      const array = (await tensor.data()) as NumberArray;
      checkCount(array, shape, dtype, where);
      return bytesOf(array, dtype, where);
    },
    ...(tensor.readInto && { readInto: (target: Uint8Array) => tensor.readInto?.(target) ?? false }),
  };
}

function checkedByteLength(shape: readonly number[], dtype: DType, where: string): number {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new RangeError(`${where}: shape [${shape.join(", ")}] must be of whole numbers from 0 on.`);
  }
  return shape.reduce((product, size) => product * size, elementTypes[dtype].size);
}

function checkedDType(dtype: string, where: string): DType {
  if (isDType(dtype)) return dtype;
  throw new TypeError(`${where}: dtype ${JSON.stringify(dtype)} is none of ${Object.keys(elementTypes).join(", ")}.`);
}

function checkCount(array: ArrayLike<unknown>, shape: readonly number[], dtype: DType, where: string): void {
  const parts = dtype.startsWith("complex") ? 2 : 1;
  const wanted = shape.reduce((product, size) => product * size, parts);
  if (array.length === wanted) return;
  throw new RangeError(
    `${where}: shape [${shape.join(", ")}] of ${dtype} needs ${wanted} numbers, data has ${array.length}.`,
  );
}

/** The memory of `array` where its elements are those of `dtype`; floats are shortened to 16 bits where that is what the tensor has. */
function bytesOf(array: NumberArray, dtype: DType, where: string): Uint8Array {
  const held = dtypeOfArray(array);
  const isShort = dtype === "float16" || dtype === "bfloat16";
  const isOfNumbers = held === "float32" || held === "float64" || (held === "float16" && dtype === "bfloat16");
  const fitting = isShort && isOfNumbers ? narrow(dtype, array as ArrayLike<number>) : array;
  if (fits(fitting, dtype)) return new Uint8Array(fitting.buffer, fitting.byteOffset, fitting.byteLength);
  throw new TypeError(
    `${where}: a tensor of ${dtype} needs its numbers in a ${elementTypes[dtype].array.name}, data is a ${array[Symbol.toStringTag]}.`,
  );
}

/** Has the array elements of this dtype, or what its elements are kept in here? */
function fits(array: NumberArray, dtype: DType): boolean {
  const held = dtypeOfArray(array);
  if (held === dtype || (dtype === "bool" && array.BYTES_PER_ELEMENT === 1)) return true;
  // The bits of a Float16Array are those of float16 only.
  return held !== "float16" && elementTypes[held].array === elementTypes[dtype].array;
}
