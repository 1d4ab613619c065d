/** Numbers in plain memory. Floats are averaged; the others are copied. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array;

/** The least a tensor must be for its numbers to be averaged where they are. Those of `@anneal/tensor` are. */
export interface AverageableTensor {
  readonly shape: readonly number[];
  /** Floats, and nothing else, have a name that starts with "float". */
  readonly dtype: string;
  /** Where its numbers are, if there is a choice. */
  readonly device?: unknown;
  /** The same memory without a graph: nothing that is done to it is recorded for gradients. */
  detach(): AverageableTensor;
  /** New numbers of this shape, dtype and device, all 0. They are the caller's: no memory scope may free them. */
  zeros(): AverageableTensor;
  /** Take the numbers of `source`, converted to this dtype and brought to this device. */
  copy_(source: AverageableTensor): unknown;
  /** Move towards `end` by `weight` of the way. */
  lerp_(end: AverageableTensor, weight: number): unknown;
  /** Compute now what was put off, where a host puts off: else it would keep the numbers it is made from. */
  realize?(): unknown;
  /** Give its memory back now, where a host can. */
  dispose?(): void;
  /** As {@link zeros}, with saved numbers: a tensor of the host, or `{ shape, data }`. To load state dicts. */
  loadState?(saved: unknown, where: string): AverageableTensor;
  /** A copy of the numbers as they are now. For `updateBn` with `exact`. */
  data?(): Promise<ArrayLike<number | bigint>>;
}

/** Numbers that can be averaged. */
export type Averageable = NumberArray | AverageableTensor;

/** What is needed of a model. `@anneal/nn`'s modules are such; so is a plain object with typed arrays. */
export interface AverageableModel {
  /** What is learned. With `removeDuplicate: false`, what is shared comes under each of its names; who shares nothing need not look. */
  namedParameters(options?: { readonly removeDuplicate?: boolean }): Iterable<readonly [string, Averageable]>;
  /** What else belongs to it, such as running statistics. */
  namedBuffers?(options?: { readonly removeDuplicate?: boolean }): Iterable<readonly [string, Averageable]>;
  /** Buffers without names, where there is no `namedBuffers`: they are called "buffers.0" and so on. */
  buffers?(): Iterable<Averageable>;
  /** Its keys are the order in which ours holds the averages; what it lacks besides parameters is left out. */
  stateDict?(): Iterable<readonly [string, unknown]> | object;
}

/** What an averaging function is given for a model: its tensors without a graph, or its typed arrays. */
export type NumbersOf<Model> = Model extends {
  namedParameters(...options: never[]): Iterable<readonly [string, infer Value]>;
}
  ? Value extends { detach(): infer Detached }
    ? Detached
    : Value
  : never;

/** Could `value` be averaged? */
export function isAverageable(value: unknown): value is Averageable {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  if (typeof value !== "object" || value === null) return false;
  const { shape, detach, zeros, copy_, lerp_ } = value as Partial<AverageableTensor>;
  return Array.isArray(shape) && [detach, zeros, copy_, lerp_].every((method) => typeof method === "function");
}
