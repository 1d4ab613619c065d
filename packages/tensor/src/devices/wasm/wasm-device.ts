import {
  bytesPerElement,
  type DType,
  hasRelaxedMadd,
  hostMath,
  type Kernel,
  type Launch,
  moduleBytes,
  type Plan,
  planConv2d,
  planMatmul,
  printWasm,
  type Step,
  type WasmKernel,
} from "@anneal/kernel";
import type {
  ConvSpec,
  Device,
  DeviceBuffer,
  DeviceInfo,
  MatmulSpec,
  MatrixView,
  SortSpec,
} from "../../core/device.ts";
import { conv as convLoops } from "../reference/conv.ts";
import { matmul as matmulLoops } from "../reference/matmul.ts";
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
  readonly #relaxed = hasRelaxedMadd();
  readonly #kernels = new Map<Kernel, Loaded>();
  /** Functions of plans: by module, then by name. */
  readonly #entries = new Map<string, Map<string, Entry>>();
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
    const copy = new Uint8Array(bytes);
    this.readInto(buffer, offset, copy);
    return copy;
  }

  readInto(buffer: DeviceBuffer, offset: number, target: Uint8Array): void {
    const start = own(buffer).address + offset;
    target.set(this.#heap.u8.subarray(start, start + target.length));
  }

  run(kernel: Kernel, launch: Launch<DeviceBuffer>): void {
    const { kernel: printed, entry } = this.#kernels.get(kernel) ?? this.#load(kernel);
    const addressed: Launch<number> = {
      shape: launch.shape,
      args: launch.args,
      inputs: launch.inputs.map(({ buffer, offset, strides, bounds }) => {
        const address = buffer === null ? null : own(buffer).address;
        return bounds ? { buffer: address, offset, strides, bounds } : { buffer: address, offset, strides };
      }),
      outputs: launch.outputs.map(({ buffer, offset, strides }) => ({ buffer: own(buffer).address, offset, strides })),
    };
    printed.encode(addressed, this.#heap, BLOCK_ADDRESS);
    const items = printed.items(addressed);
    if (printed.sequential) entry.run(BLOCK_ADDRESS, 0, items);
    else this.#threads.run(entry, items, printed.grain);
  }

  matmul(spec: MatmulSpec): void {
    const { dtype } = spec;
    if (dtype !== "float32" && dtype !== "float64" && dtype !== "int32") {
      const array = ({ buffer }: MatrixView) => this.#array(buffer, dtype);
      matmulLoops(spec, array(spec.a), array(spec.b), array(spec.c));
      return;
    }
    const size = bytesPerElement[dtype];
    const matrix = ({ buffer, offset, strides }: MatrixView) => ({
      address: own(buffer).address + offset * size,
      strides,
    });
    this.#follow(planMatmul({ ...spec, dtype, a: matrix(spec.a), b: matrix(spec.b), c: matrix(spec.c) }));
  }

  conv(spec: ConvSpec): void {
    if (spec.dtype === "float32") {
      const address = ({ buffer, offset }: { buffer: DeviceBuffer; offset: number }) =>
        own(buffer).address + 4 * offset;
      this.#follow(
        planConv2d({ ...spec, input: address(spec.input), weight: address(spec.weight), output: address(spec.output) }),
      );
      return;
    }
    const array = ({ buffer }: { buffer: DeviceBuffer }) => this.#array(buffer, spec.dtype);
    convLoops(spec, array(spec.input), array(spec.weight), array(spec.output));
  }

  sort(spec: SortSpec): void {
    sortRuns(
      spec,
      this.#array(spec.input.buffer, spec.dtype),
      this.#array(spec.values.buffer, spec.dtype),
      this.#array(spec.indices.buffer, "int32") as Int32Array,
    );
  }

  async wait(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#threads.terminate();
  }

  #follow(plan: Plan): void {
    const scratch = plan.scratchBytes > 0 ? this.allocate(plan.scratchBytes) : null;
    for (const step of plan.steps(scratch?.address ?? 0)) {
      const entry = this.#entries.get(step.module)?.get(step.entry) ?? this.#enterStep(step);
      const at = BLOCK_ADDRESS >> 2;
      for (let i = 0; i < step.block.length; i++) this.#heap.i32[at + i] = step.block[i] as number;
      this.#threads.run(entry, step.items, step.grain);
    }
    if (scratch) this.free(scratch);
  }

  #load(kernel: Kernel): Loaded {
    const printed = printWasm(kernel, { shared: this.#heap.shared, relaxed: this.#relaxed });
    const entry = this.#enter(this.#instantiate(printed.bytes, printed.imports), printed.bytes, "run");
    // Functions of this thread cannot be called from another.
    const loaded = { kernel: printed.imports.length > 0 ? { ...printed, sequential: true } : printed, entry };
    this.#kernels.set(kernel, loaded);
    return loaded;
  }

  #enterStep({ module, entry: name }: Step): Entry {
    const bytes = moduleBytes({ module, entry: name }, { shared: this.#heap.shared, relaxedMadd: this.#relaxed });
    const entry = this.#enter(this.#instantiate(bytes, []), bytes, name);
    const known = this.#entries.get(module) ?? new Map<string, Entry>();
    this.#entries.set(module, known.set(name, entry));
    return entry;
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>, imports: readonly string[]): WebAssembly.Instance {
    const env: Record<string, WebAssembly.ImportValue> = { memory: this.#heap.memory };
    for (const name of imports) env[name] = hostMath[name] as (x: number, y: number) => number;
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  }

  #enter(instance: WebAssembly.Instance, bytes: Uint8Array, name: string): Entry {
    return { id: ++this.#nextEntry, run: instance.exports[name] as Entry["run"], bytes, name, place: null };
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
