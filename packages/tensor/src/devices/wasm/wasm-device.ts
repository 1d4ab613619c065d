import {
  bytesPerElement,
  type DType,
  type Kernel,
  type Launch,
  type Plan,
  planConv2d,
  planMatmul,
  printWasm,
  wasmFeatures,
  type WasmKernel,
} from "@anneal/kernel";
import type { ConvSpec, Device, DeviceBuffer, DeviceInfo, MatmulSpec, MatrixView, SortSpec } from "../../core/device.ts";
import { sortRuns } from "../sort-runs.ts";
import { BLOCK_ADDRESS } from "./control.ts";
import { Heap } from "./heap.ts";
import { canShareMemory, type Entry, machineThreads, Threads } from "./threads.ts";

interface WasmBuffer extends DeviceBuffer {
  readonly address: number;
  readonly bytes: number;
}

export interface WasmOptions {
  /** Threads that compute, this one included. @defaultValue as many as the machine runs at once, at most 8 */
  readonly threads?: number;
}

interface Loaded {
  readonly kernel: WasmKernel;
  readonly entry: Entry;
}

const dtypes: ReadonlySet<DType> = new Set<DType>(["float32", "float64", "int32", "int64", "uint8", "bool"]);

/**
 * The CPU through WebAssembly: SIMD kernels printed when they are first needed, a packed matrix product, threads. Works at once, in the
 * calling thread; helpers join when they have started.
 */
export class WasmDevice implements Device {
  readonly #heap: Heap;
  readonly #threads: Threads;
  readonly #relaxed = wasmFeatures().relaxedMadd;
  readonly #kernels = new Map<Kernel, Loaded>();
  readonly #entries = new Map<string, Entry>();
  readonly #instances = new Map<Uint8Array, WebAssembly.Instance>();
  #nextEntry = 0;

  constructor({ threads = Math.min(machineThreads(), 8) }: WasmOptions) {
    this.#heap = new Heap(threads > 1 && canShareMemory());
    this.#threads = new Threads(this.#heap, threads);
  }

  get info(): DeviceInfo {
    return { name: "wasm", dtypes, threads: this.#threads.count, reservedBytes: this.#heap.reserved };
  }

  /** The helpers have started. */
  threadsReady(): Promise<void> {
    return this.#threads.ready();
  }

  allocate(bytes: number): WasmBuffer {
    // Vector loads of a last partial group stay inside the block, and 0 bytes still have an address.
    return { address: this.#heap.allocate(Math.max(bytes, 1)), bytes };
  }

  free(buffer: DeviceBuffer): void {
    const { address, bytes } = own(buffer);
    this.#heap.free(address, Math.max(bytes, 1));
  }

  write(buffer: DeviceBuffer, data: Uint8Array, offset = 0): void {
    this.#heap.u8.set(data, own(buffer).address + offset);
  }

  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.readSync(buffer, offset, bytes);
  }

  readSync(buffer: DeviceBuffer, offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    const start = own(buffer).address + offset;
    const copy = new Uint8Array(bytes);
    copy.set(this.#heap.u8.subarray(start, start + bytes));
    return copy;
  }

  run(kernel: Kernel, launch: Launch<DeviceBuffer>): void {
    const { kernel: printed, entry } = this.#kernels.get(kernel) ?? this.#load(kernel);
    const addressed: Launch<number> = {
      shape: launch.shape,
      args: launch.args,
      inputs: launch.inputs.map(({ buffer, offset, strides, bounds }) => {
        const view = { buffer: buffer === null ? null : own(buffer).address, offset, strides };
        return bounds ? { ...view, bounds } : view;
      }),
      outputs: launch.outputs.map(({ buffer, offset, strides }) => ({ buffer: own(buffer).address, offset, strides })),
    };
    printed.encode(addressed, this.#heap, BLOCK_ADDRESS);
    const items = printed.items(addressed);
    this.#threads.run(entry, items, printed.sequential ? items : printed.grain(addressed));
  }

  matmul(spec: MatmulSpec): void {
    const size = bytesPerElement[spec.dtype];
    const matrix = ({ buffer, offset, strides }: MatrixView) => ({ address: own(buffer).address + offset * size, strides });
    this.#follow(planMatmul({ ...spec, a: matrix(spec.a), b: matrix(spec.b), c: matrix(spec.c) }));
  }

  conv(spec: ConvSpec): void {
    const size = bytesPerElement[spec.dtype];
    const address = ({ buffer, offset }: { buffer: DeviceBuffer; offset: number }) => own(buffer).address + offset * size;
    this.#follow(
      planConv2d({ ...spec, input: address(spec.input), weight: address(spec.weight), output: address(spec.output) }),
    );
  }

  sort(spec: SortSpec): void {
    sortRuns(spec, this.#array(spec.input.buffer, spec.dtype), this.#array(spec.values.buffer, spec.dtype), this.#array(spec.indices.buffer, "int32") as Int32Array);
  }

  async wait(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#threads.terminate();
  }

  #follow(plan: Plan): void {
    const scratch = plan.scratchBytes > 0 ? this.allocate(plan.scratchBytes) : null;
    for (const step of plan.steps(scratch?.address ?? 0)) {
      const key = `${step.module}/${step.entry}`;
      const entry = this.#entries.get(key) ?? this.#enter(key, step.moduleBytes(), step.entry);
      const at = BLOCK_ADDRESS >> 2;
      for (let i = 0; i < step.block.length; i++) this.#heap.i32[at + i] = step.block[i] as number;
      this.#threads.run(entry, step.items, step.grain);
    }
    if (scratch) this.free(scratch);
  }

  #load(kernel: Kernel): Loaded {
    const printed = printWasm(kernel, { shared: this.#heap.shared, relaxed: this.#relaxed });
    const loaded = { kernel: printed, entry: this.#enter(null, printed.bytes, "run") };
    this.#kernels.set(kernel, loaded);
    return loaded;
  }

  #enter(key: string | null, bytes: Uint8Array<ArrayBuffer>, name: string): Entry {
    let instance = this.#instances.get(bytes);
    if (!instance) {
      const module = new WebAssembly.Module(bytes);
      const env: Record<string, WebAssembly.ImportValue> = { memory: this.#heap.memory };
      for (const imported of WebAssembly.Module.imports(module)) {
        if (imported.kind === "function") env[imported.name] = Math[imported.name as "exp"];
      }
      instance = new WebAssembly.Instance(module, { env });
      this.#instances.set(bytes, instance);
    }
    const run = instance.exports[name] as Entry["run"];
    const entry: Entry = { id: ++this.#nextEntry, run, bytes, name, place: null };
    if (key !== null) this.#entries.set(key, entry);
    return entry;
  }

  #array(buffer: DeviceBuffer, dtype: DType) {
    const { address, bytes } = own(buffer);
    const memory = this.#heap.memory.buffer;
    const length = Math.floor(bytes / bytesPerElement[dtype]);
    switch (dtype) {
      case "float32":
        return new Float32Array(memory, address, length);
      case "float64":
        return new Float64Array(memory, address, length);
      case "float16":
        return new Uint16Array(memory, address, length);
      case "int32":
        return new Int32Array(memory, address, length);
      case "int64":
        return new BigInt64Array(memory, address, length);
      case "uint8":
      case "bool":
        return new Uint8Array(memory, address, length);
    }
  }
}

function own(buffer: DeviceBuffer): WasmBuffer {
  if ("address" in buffer) return buffer as WasmBuffer;
  throw new TypeError("wasm: this buffer belongs to another device. Move the tensor: x.to(device).");
}
