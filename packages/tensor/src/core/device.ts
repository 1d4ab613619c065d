import type { DType, Kernel, Launch } from "@anneal/kernel";

/** Memory of a device; what is inside is the device's own business. */
export interface DeviceBuffer {
  readonly bytes: number;
}

export interface DeviceInfo {
  /** As `String(device)` shows it. */
  readonly name: string;
  /** Storage types it can compute with. */
  readonly dtypes: ReadonlySet<DType>;
  /** Threads that compute, this one included. */
  readonly threads: number;
  /** Bytes held from the system, in use or not. */
  readonly reservedBytes: number;
}

/** A matrix inside a buffer: element (batch, row, column) at `offset + Σ strides * index`, in elements. */
export interface MatrixView {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
  readonly strides: readonly [batch: number, row: number, column: number];
}

/** c[batch] = a[batch] · b[batch], with a [m, k], b [k, n], c [m, n]. */
export interface MatmulSpec {
  readonly dtype: DType;
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: MatrixView;
  readonly b: MatrixView;
  readonly c: MatrixView;
}

/** The three maps of one 2-D convolution, each the derivative of the others. Row-major NCHW and OIHW. */
export interface ConvSpec {
  readonly dtype: DType;
  readonly kind: "forward" | "inputGradient" | "weightGradient";
  readonly n: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly outHeight: number;
  readonly outWidth: number;
  /** [n, inChannels, height, width] */
  readonly input: BufferRange;
  /** [outChannels, inChannels / groups, kernel] */
  readonly weight: BufferRange;
  /** [n, outChannels, outHeight, outWidth] */
  readonly output: BufferRange;
}

/** Row-major elements from `offset` on. */
export interface BufferRange {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
}

/** Sort `rows` runs of `length` elements, stable; NaN counts as the largest. */
export interface SortSpec {
  readonly dtype: DType;
  readonly rows: number;
  readonly length: number;
  readonly descending: boolean;
  readonly input: BufferRange;
  readonly values: BufferRange;
  /** int32 positions in the input's run. */
  readonly indices: BufferRange;
}

/** Everything a device is. Work is done in the order it is asked for. */
export interface Device {
  readonly info: DeviceInfo;
  allocate(bytes: number): DeviceBuffer;
  free(buffer: DeviceBuffer): void;
  write(buffer: DeviceBuffer, data: Uint8Array, offset?: number): void;
  /** A copy of `bytes` bytes from `offset` on, once all work before is done. */
  read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The same at once, where the device can. */
  readSync?(buffer: DeviceBuffer, offset: number, bytes: number): Uint8Array<ArrayBuffer>;
  /** The same at once, as many bytes as `target` has, into it: memory that was used before is filled ten times as fast as new memory. */
  readInto?(buffer: DeviceBuffer, offset: number, target: Uint8Array): void;
  run(kernel: Kernel, launch: Launch<DeviceBuffer>): void;
  matmul(spec: MatmulSpec): void;
  conv(spec: ConvSpec): void;
  sort(spec: SortSpec): void;
  /** All work asked for so far is done. */
  wait(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
