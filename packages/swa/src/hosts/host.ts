import type { Averageable } from "../averageable.ts";
import { arrayHost } from "./array-host.ts";
import { tensorHost } from "./tensor-host.ts";

/** All that is done to numbers of one kind. */
export interface Host<T> {
  shapeOf(value: T): readonly number[];
  dtypeOf(value: T): string;
  deviceOf(value: T): unknown;
  isFloat(value: T): boolean;
  /** The same memory, to be changed without a record. Dispose of it. */
  detach(value: T): T;
  /** A copy that lives until it is disposed of. */
  clone(value: T): T;
  /** `like` with other numbers, from a state dict. Dispose of it. */
  load(like: T, saved: unknown, where: string): T;
  /** Overwrite `target`, whatever dtype and device both have. */
  copy(target: T, source: T): void;
  /** Move `target` towards `end` by `weight` of the way; both floats of one dtype and device. */
  lerp(target: T, end: T, weight: number): void;
  /** Let go of what `value` was computed from. */
  settle(value: T): void;
  dispose(value: T): void;
  /** The numbers as they are now. */
  read(value: T): Promise<ArrayLike<number | bigint>>;
}

/** The host of a value, which is also that of all others of its model. */
export function hostOf<T extends Averageable>(value: T): Host<T> {
  const host: unknown = ArrayBuffer.isView(value) ? arrayHost : tensorHost;
  return host as Host<T>;
}
