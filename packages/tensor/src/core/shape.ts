import { ShapeError } from "./errors.ts";

/** Sizes of the dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** As users write it: `[2, 3]`. */
export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** `1 element`, `2 elements`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Number of elements. */
export function numelOf(shape: Shape): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

/** Row-major strides, in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** `dim` counted from the front, `-1` being the last of `rank` dimensions. */
export function normalizeDim(where: string, dim: number, rank: number): number {
  // A scalar takes dims 0 and -1, as in PyTorch.
  const range = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) {
    throw new ShapeError(
      where,
      `dim ${dim} is not a dimension of a tensor of ${counted(rank, "dimension")}`,
      `Give an integer from ${-range} to ${range - 1}.`,
    );
  }
  return dim < 0 ? dim + range : dim;
}

/** The dims counted from the front, all of them when none is given; repeated dims are an error. */
export function normalizeDims(where: string, dims: number | readonly number[] | undefined, rank: number): number[] {
  if (dims === undefined || (typeof dims !== "number" && dims.length === 0))
    return Array.from({ length: rank }, (_, d) => d);
  const list = (typeof dims === "number" ? [dims] : dims).map((dim) => normalizeDim(where, dim, rank));
  if (new Set(list).size !== list.length) {
    throw new ShapeError(where, `dims ${formatShape(list)} name a dimension twice`, "Name each dimension once.");
  }
  return rank === 0 ? [] : list;
}

/** The shape two tensors broadcast to, exactly as in NumPy: aligned at the last dimension, sizes equal or 1. */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        where,
        `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: sizes ${x} and ${y} at dim ${rank - i} differ and neither is 1`,
        "Reshape or expand one of them.",
      );
    }
    out[rank - i] = x === 1 ? y : x;
  }
  return out;
}

/** Sizes must be non-negative integers. */
export function checkShape(where: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(where, `the shape is ${String(shape)}`, "Give a list of sizes: [2, 3], or [] for a scalar.");
  }
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(where, `shape ${formatShape(shape)} has the size ${size}`, "Sizes are integers from 0 on.");
    }
  }
}
