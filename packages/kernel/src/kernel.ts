import type { DType, ScalarType } from "./dtype.ts";
import type { Expr } from "./expr.ts";

/** How a view moves along one dimension: with its neighbours in memory, not at all, or by any other stride. */
export type Layout = "contiguous" | "broadcast" | "strided";

/** One input of a kernel. */
export interface KernelInput {
  /** `"virtual"`: no buffer behind it; only its `offset` may be asked for. */
  readonly dtype: DType | "virtual";
  /** Along the last kept dimension. */
  readonly layout: Layout;
  /** Along the last reduced dimension, where the kernel has a reduction. */
  readonly reducedLayout?: Layout;
  /** How many conditions a point must meet for the load to happen; outside the value is 0. */
  readonly bounds: number;
}

/** One output of a kernel: an expression and where its values go. */
export interface KernelOutput {
  readonly dtype: DType;
  readonly expr: Expr;
  readonly layout: Layout;
  /**
   * Scatter: the value goes `at` elements (i32) further than the view points, added to what is there or replacing it. Points run in
   * row-major order, so results are the same every time.
   */
  readonly scatter?: { readonly at: Expr; readonly combine: "add" | "set" };
}

export type ReduceOp = "sum" | "prod" | "max" | "min" | "argmax" | "argmin";

/** Combine `value` over the reduced dimensions. NaN wins max, min, argmax and argmin; the first index wins a tie. */
export interface Reduction {
  readonly op: ReduceOp;
  readonly value: Expr;
  /** How many of the last dimensions are reduced. */
  readonly rank: number;
  /** Write every running value (`cumsum`, `cumprod`): outputs then have the reduced dimensions too, and `rank` is 1. */
  readonly scan?: boolean;
}

/**
 * One pass over memory: an index space of `rank` kept dimensions (row-major, the last runs fastest) followed by the reduced ones. Sizes,
 * strides, offsets and arguments come with each launch, so that one compiled kernel serves every shape of the same form.
 */
export interface Kernel {
  readonly rank: number;
  readonly inputs: readonly KernelInput[];
  readonly outputs: readonly KernelOutput[];
  readonly args: readonly ScalarType[];
  readonly reduce?: Reduction;
}

/** A point is inside when `0 <= offset + Σ strides[d] * index[d] < size`. */
export interface Bound {
  readonly strides: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Where an input or output lies in its buffer; offset and strides in elements. */
export interface KernelView {
  readonly offset: number;
  /** One for each dimension of the index space (outputs: the kept dimensions; all of them when the kernel scans). */
  readonly strides: readonly number[];
  readonly bounds?: readonly Bound[];
}

/** One launch of a kernel. */
export interface Launch<Buffer> {
  /** Sizes of the kept dimensions, then of the reduced ones. */
  readonly shape: readonly number[];
  readonly inputs: readonly (KernelView & { readonly buffer: Buffer | null })[];
  readonly outputs: readonly (KernelView & { readonly buffer: Buffer })[];
  /** One number for each of the kernel's arguments. */
  readonly args: readonly number[];
}

/** The layout class of a stride. */
export const layoutOf = (stride: number): Layout =>
  stride === 1 ? "contiguous" : stride === 0 ? "broadcast" : "strided";
