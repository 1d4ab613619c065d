/** How the elements of a buffer are stored. */
export type DType = "float32" | "float64" | "float16" | "int32" | "int64" | "uint8" | "bool";

/** What arithmetic is done in: the type of an expression. */
export type ScalarType = "f32" | "f64" | "i32" | "u32" | "i64" | "bool";

/** Bytes of one stored element. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float64: 8,
  int64: 8,
  float32: 4,
  int32: 4,
  float16: 2,
  uint8: 1,
  bool: 1,
};

/** The arithmetic type an element of each storage type is loaded into. */
export const scalarOf: Readonly<Record<DType, ScalarType>> = {
  float64: "f64",
  int64: "i64",
  float32: "f32",
  float16: "f32",
  int32: "i32",
  uint8: "i32",
  bool: "bool",
};
