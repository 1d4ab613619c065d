import { type DType, elementTypes, isDType } from "../tensors/dtype.ts";

/** The dtypes that have a storage class of their own in Python; tensors of the others lie in an `UntypedStorage`. */
const storageClasses: Partial<Record<DType, string>> = {
  float64: "DoubleStorage",
  float32: "FloatStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
  complex64: "ComplexFloatStorage",
  complex128: "ComplexDoubleStorage",
};

/** The class of a storage whose elements are of `dtype`, if there is one. */
export const storageClassOf = (dtype: DType): string | undefined => storageClasses[dtype];

/** The dtype of a storage class; undefined for those of quantized tensors. */
export const dtypeOfStorageClass = (name: string): DType | undefined =>
  Object.keys(storageClasses)
    .filter(isDType)
    .find((dtype) => storageClasses[dtype] === name);

/** Bytes whose order differs on machines of the other endianness: of a complex number the parts. */
export const swappedSize = (dtype: DType): number =>
  dtype.startsWith("complex") ? elementTypes[dtype].size / 2 : elementTypes[dtype].size;
