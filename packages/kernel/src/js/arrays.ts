import type { DType, ScalarType } from "../dtype.ts";

/**
 * The typed array of each storage type: Float32Array, Float64Array, Uint16Array (the bits of float16), Int32Array, BigInt64Array (int64),
 * Uint8Array (uint8, and bool as 0 and 1).
 */
export type TypedArray = Float32Array | Float64Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** A scalar at run time: bigint for i64, boolean for bool, number for the others. */
export type Scalar = number | bigint | boolean;

/** The typed array that holds elements of each storage type. */
export const arrayOf = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

/** A launch's argument, or a constant, as a value of its type. */
export function scalarFrom(value: number, type: ScalarType): Scalar {
  switch (type) {
    case "f32":
      return Math.fround(value);
    case "f64":
      return value;
    case "i32":
      return value | 0;
    case "u32":
      return value >>> 0;
    case "i64":
      return BigInt.asIntN(64, BigInt(Math.trunc(value)));
    case "bool":
      return value !== 0;
  }
}
