import type { ScalarType } from "../../dtype.ts";
import type { ReduceOp } from "../../kernel.ts";

type Combine = "sum" | "prod" | "max" | "min";

/** What a reduction finds: the largest, the smallest, or a total. */
export const combineOf = (op: ReduceOp): Combine => (op === "argmax" ? "max" : op === "argmin" ? "min" : op);

const largest: Readonly<Record<Exclude<ScalarType, "bool">, number | bigint>> = {
  f32: Infinity,
  f64: Infinity,
  i32: 2147483647,
  u32: 4294967295,
  i64: 2n ** 63n - 1n,
};
const smallest: typeof largest = { f32: -Infinity, f64: -Infinity, i32: -2147483648, u32: 0, i64: -(2n ** 63n) };

/** What a reduction over nothing gives, in every lane. */
export function identityBytes(op: ReduceOp, type: ScalarType): number[] {
  const combine = combineOf(op);
  if (type === "bool") return Array(16).fill(combine === "prod" || combine === "min" ? 255 : 0);
  const value = combine === "sum" ? 0 : combine === "prod" ? 1 : combine === "max" ? smallest[type] : largest[type];
  const view = new DataView(new ArrayBuffer(16));
  const bytes = type === "f64" || type === "i64" ? 8 : 4;
  for (let at = 0; at < 16; at += bytes) {
    if (type === "f64") view.setFloat64(at, Number(value), true);
    else if (type === "f32") view.setFloat32(at, Number(value), true);
    else if (type === "i64") view.setBigInt64(at, BigInt(value), true);
    else view.setInt32(at, Number(value), true);
  }
  return Array.from({ length: 16 }, (_, i) => view.getUint8(i));
}
