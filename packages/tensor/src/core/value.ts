import { bytesPerElement, type DType, type Expr, type ScalarType } from "@anneal/kernel";
import type { Device, DeviceBuffer } from "./device.ts";
import { numelOf, type Shape } from "./shape.ts";
import type { View } from "./view.ts";

/** A function of one point: how a pending value comes from its sources there. */
export interface PointwiseOp {
  /** Unique: two ops of one name are one op. */
  readonly name: string;
  /** `args` are runtime numbers, in the order of `argTypes`. */
  build(inputs: readonly Expr[], args: readonly Expr[]): Expr;
  readonly argTypes?: readonly ScalarType[];
  /** Rough price of one point, an addition being 1: what is dear is not computed twice. */
  readonly cost?: number;
  /** Sources that are looked up at other points too, so they must be in memory. */
  readonly gathers?: readonly number[];
}

/** What an expression reads: a value through a view, or, with no value, only the position (`offset` in the kernel language). */
export interface Source {
  readonly value: Value | null;
  readonly view: View;
}

export interface Pending {
  readonly op: PointwiseOp;
  readonly sources: readonly Source[];
  readonly args: readonly number[];
  /** Ops in the whole chain, and the price of a point of it. */
  readonly size: number;
  readonly cost: number;
  /** Buffers the chain reads (an upper limit: shared ones count twice). */
  readonly reads: number;
}

/**
 * Numbers that never change: in a buffer (stored) or as a recipe (pending) that becomes a buffer when somebody needs it there. Counted
 * references: tensors' cells, recipes and the graph hold it; the buffer goes back to the device with the last of them.
 */
export class Value {
  readonly device: Device;
  readonly dtype: DType;
  readonly shape: Shape;
  /** Row-major elements of `shape`, once stored. */
  buffer: DeviceBuffer | null;
  pending: Pending | null;
  /** Kernels that computed this anew as part of themselves. */
  inlined = 0;
  references = 0;

  constructor(device: Device, dtype: DType, shape: Shape, content: { buffer: DeviceBuffer } | { pending: Pending }) {
    this.device = device;
    this.dtype = dtype;
    this.shape = shape;
    this.buffer = "buffer" in content ? content.buffer : null;
    this.pending = "pending" in content ? content.pending : null;
    if (this.pending) for (const { value } of this.pending.sources) value?.retain();
    liveValues.add(this);
  }

  retain(): this {
    this.references++;
    return this;
  }

  release(): void {
    if (--this.references > 0) return;
    liveValues.delete(this);
    this.#forgetRecipe();
    if (this.buffer) {
      this.device.free(this.buffer);
      liveValues.bytes -= this.buffer.bytes;
      this.buffer = null;
    }
  }

  /** The recipe has been followed: its result is in `buffer`. */
  becomeStored(buffer: DeviceBuffer): void {
    this.buffer = buffer;
    liveValues.addBytes(buffer.bytes);
    this.#forgetRecipe();
  }

  /** Give the buffer away: nobody else needs these numbers. */
  takeBuffer(): DeviceBuffer | null {
    const buffer = this.buffer;
    if (buffer) liveValues.bytes -= buffer.bytes;
    this.buffer = null;
    return buffer;
  }

  #forgetRecipe(): void {
    const pending = this.pending;
    this.pending = null;
    if (pending) for (const { value } of pending.sources) value?.release();
  }
}

/** Counts for `memory()`. */
export const liveValues = {
  bytes: 0,
  peakBytes: 0,
  count: 0,
  add(value: Value): void {
    this.count++;
    if (value.buffer) this.addBytes(value.buffer.bytes);
  },
  delete(_value: Value): void {
    this.count--;
  },
  addBytes(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.peakBytes) this.peakBytes = this.bytes;
  },
};

/** A buffer for the elements of `shape`, whatever is in it. */
export function allocateFor(device: Device, dtype: DType, shape: Shape): DeviceBuffer {
  return device.allocate(numelOf(shape) * bytesPerElement[dtype]);
}
