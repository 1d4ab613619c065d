import type { DType } from "../tensors/dtype.ts";

/** What a safetensors file calls its element types: the bits of one element, and PyTorch's name, where it has the type. */
interface FileDType {
  readonly bits: number;
  readonly dtype?: DType;
}

/** In the order of the format, which tensors are written against: the last come first, so that everything is aligned. */
export const fileDTypes = {
  BOOL: { bits: 8, dtype: "bool" },
  F4: { bits: 4, dtype: "float4_e2m1fn_x2" },
  F6_E2M3: { bits: 6 },
  F6_E3M2: { bits: 6 },
  U8: { bits: 8, dtype: "uint8" },
  I8: { bits: 8, dtype: "int8" },
  F8_E5M2: { bits: 8, dtype: "float8_e5m2" },
  F8_E4M3: { bits: 8, dtype: "float8_e4m3fn" },
  F8_E8M0: { bits: 8, dtype: "float8_e8m0fnu" },
  F8_E4M3FNUZ: { bits: 8, dtype: "float8_e4m3fnuz" },
  F8_E5M2FNUZ: { bits: 8, dtype: "float8_e5m2fnuz" },
  I16: { bits: 16, dtype: "int16" },
  U16: { bits: 16, dtype: "uint16" },
  F16: { bits: 16, dtype: "float16" },
  BF16: { bits: 16, dtype: "bfloat16" },
  I32: { bits: 32, dtype: "int32" },
  U32: { bits: 32, dtype: "uint32" },
  F32: { bits: 32, dtype: "float32" },
  C64: { bits: 64, dtype: "complex64" },
  F64: { bits: 64, dtype: "float64" },
  I64: { bits: 64, dtype: "int64" },
  U64: { bits: 64, dtype: "uint64" },
} as const satisfies Record<string, FileDType>;

export type FileDTypeName = keyof typeof fileDTypes;

export const isFileDType = (name: string): name is FileDTypeName => Object.hasOwn(fileDTypes, name);

const names = Object.keys(fileDTypes) as FileDTypeName[];

/** Where a type stands in the order of the format. */
export const rankOf = (name: FileDTypeName): number => names.indexOf(name);

/** PyTorch's name, or undefined where it has none. */
export const dtypeOf = (name: FileDTypeName): DType | undefined => {
  const { dtype }: FileDType = fileDTypes[name];
  return dtype;
};

/** What a file calls `dtype`, or undefined where the format has no such type. */
export const fileDTypeOf = (dtype: DType): FileDTypeName | undefined => names.find((name) => dtypeOf(name) === dtype);
