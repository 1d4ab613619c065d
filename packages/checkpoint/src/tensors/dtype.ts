/** Typed arrays that hold a tensor's numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** The type of a tensor's elements, by PyTorch's name. */
export type DType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "float8_e4m3fn"
  | "float8_e4m3fnuz"
  | "float8_e5m2"
  | "float8_e5m2fnuz"
  | "float8_e8m0fnu"
  | "float4_e2m1fn_x2"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint64"
  | "uint32"
  | "uint16"
  | "uint8"
  | "bool"
  | "complex64"
  | "complex128";

/** What one element of a dtype is in memory. */
interface ElementType {
  /** Bytes of one element. */
  readonly size: number;
  /** The typed array whose elements have these bytes: for floats shorter than 32 bits one of their bit patterns, for complex numbers of their parts. */
  readonly array: new (
    buffer: ArrayBuffer,
    byteOffset: number,
    length: number,
  ) => NumberArray;
}

/** The dtypes under PyTorch's names; little-endian in every file. */
export const elementTypes = {
  float64: { size: 8, array: Float64Array },
  float32: { size: 4, array: Float32Array },
  float16: { size: 2, array: Uint16Array },
  bfloat16: { size: 2, array: Uint16Array },
  float8_e4m3fn: { size: 1, array: Uint8Array },
  float8_e4m3fnuz: { size: 1, array: Uint8Array },
  float8_e5m2: { size: 1, array: Uint8Array },
  float8_e5m2fnuz: { size: 1, array: Uint8Array },
  float8_e8m0fnu: { size: 1, array: Uint8Array },
  // Two numbers a byte: an element is a pair, as PyTorch counts them.
  float4_e2m1fn_x2: { size: 1, array: Uint8Array },
  int64: { size: 8, array: BigInt64Array },
  int32: { size: 4, array: Int32Array },
  int16: { size: 2, array: Int16Array },
  int8: { size: 1, array: Int8Array },
  uint64: { size: 8, array: BigUint64Array },
  uint32: { size: 4, array: Uint32Array },
  uint16: { size: 2, array: Uint16Array },
  uint8: { size: 1, array: Uint8Array },
  bool: { size: 1, array: Uint8Array },
  complex64: { size: 8, array: Float32Array },
  complex128: { size: 16, array: Float64Array },
} as const satisfies Record<DType, ElementType>;

export const isDType = (name: unknown): name is DType => typeof name === "string" && Object.hasOwn(elementTypes, name);

/** The dtype of a typed array's elements. */
export function dtypeOfArray(array: NumberArray): DType {
  // Not the constructor's name: a Buffer is an array of uint8 too.
  const tag = array[Symbol.toStringTag];
  const name = tag.replace(/^Big|Clamped|Array$/g, "").toLowerCase();
  if (isDType(name)) return name;
  throw new TypeError(`A ${tag} is no tensor of a checkpoint. Copy its numbers into a Float32Array.`);
}
