import { type DType, type ScalarType, scalarOf } from "@anneal/kernel";
import type { Device } from "./device.ts";
import { DTypeError } from "./errors.ts";

/** bool < integers < floats, within each the wider wins. */
const ranks: Readonly<Record<DType, number>> = {
  bool: 0,
  uint8: 1,
  int32: 2,
  int64: 3,
  float16: 4,
  float32: 5,
  float64: 6,
};

/** The dtype two tensors with dimensions are computed in together, PyTorch's rule. */
export const promoteTypes = (a: DType, b: DType): DType => (ranks[a] >= ranks[b] ? a : b);

/** bool, integer, float: what a 0-d tensor or a number can change. */
const kindOf = (dtype: DType): number => (dtype === "bool" ? 0 : ranks[dtype] < ranks.float16 ? 1 : 2);

/** Would storing `from` in a tensor of `to` lose its kind: a fraction in integers, a number in a bool? */
export const losesKind = (from: DType, to: DType): boolean => kindOf(from) > kindOf(to);

interface Typed {
  readonly dtype: DType;
  readonly shape: { readonly length: number };
}

/**
 * The dtype tensors are computed in together: the widest of those with dimensions; one of none (0-d) counts only if its kind is higher.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc | PyTorch's type promotion}
 */
export function promoteOperands(operands: readonly Typed[]): DType {
  let full: DType | null = null;
  let scalar: DType | null = null;
  for (const { dtype, shape } of operands) {
    if (shape.length > 0) full = full === null ? dtype : promoteTypes(full, dtype);
    else scalar = scalar === null ? dtype : promoteTypes(scalar, dtype);
  }
  if (full === null || scalar === null) return full ?? scalar ?? "float32";
  return kindOf(scalar) > kindOf(full) ? scalar : full;
}

/** The dtype a tensor and a plain number are computed in: the number only decides between kinds (bool, integer, float). */
export function promoteNumber(dtype: DType, value: number | boolean): DType {
  if (typeof value === "boolean" || isFloating(dtype)) return dtype;
  if (!Number.isInteger(value)) return "float32";
  return dtype === "bool" ? "int32" : dtype;
}

export const isFloating = (dtype: DType): boolean => ranks[dtype] >= ranks.float16;
export const isInteger = (dtype: DType): boolean => dtype === "uint8" || dtype === "int32" || dtype === "int64";

/** The dtype functions like `exp` compute integers in. */
export const floatFor = (dtype: DType): DType => (isFloating(dtype) ? dtype : "float32");

/** @throws {DTypeError} if the device cannot hold such numbers */
export function checkStorage(where: string, dtype: DType, device: Device): void {
  const { name, dtypes } = device.info;
  if (dtypes.has(dtype) || dtype === "float16") return;
  throw new DTypeError(where, `the ${name} device has no ${dtype}`, `It has ${[...dtypes].join(", ")}.`);
}

/** What arithmetic on a dtype is done in; float16 is for storage here. */
export function arithmeticType(where: string, dtype: DType): ScalarType {
  if (dtype === "float16") {
    throw new DTypeError(where, "float16 is for storage on this device", 'Compute in float32: x.to("float32").');
  }
  return scalarOf[dtype];
}
