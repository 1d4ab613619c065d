import type { TypedArray } from "../js/arrays.ts";
import type { Kernel, Launch } from "../kernel.ts";
import { hostMath } from "../wasm/printer/host-math.ts";
import { type PrintWasmOptions, printWasm, type WasmKernel } from "../wasm/printer/print.ts";

export interface WasmRun {
  readonly kernel: WasmKernel;
  /** Runs a launch, cut at some fractions of its items. Buffers are copied into a memory of their own, which ends with the last of them. */
  readonly run: (launch: Launch<TypedArray>, cuts?: readonly number[]) => void;
}

const page = 65536;

/** Compiles a kernel for tests. */
export function compileWasm(kernel: Kernel, options: PrintWasmOptions): WasmRun {
  const printed = printWasm(kernel, options);
  const module = new WebAssembly.Module(printed.bytes);
  return {
    kernel: printed,
    run: (launch, cuts = []) => {
      // Buffers that are the same array share their place, so that outputs can replace inputs.
      const arrays = new Set<TypedArray>();
      for (const { buffer } of [...launch.inputs, ...launch.outputs]) if (buffer) arrays.add(buffer);
      const addresses = new Map<TypedArray, number>();
      // Odd gaps, but addresses are multiples of 8, as an allocator's are. What is read or written outside a buffer meets the guard bytes,
      // or the end of the memory.
      let size = 16 + printed.blockBytes;
      for (const array of arrays) size += Math.ceil(array.byteLength / 8) * 8 + 8;
      const pages = Math.ceil(size / page);
      let at = pages * page;
      for (const array of arrays) {
        at = Math.floor((at - array.byteLength) / 8) * 8;
        addresses.set(array, at);
        at -= 8;
      }
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: options.shared });
      const bytes = new Uint8Array(memory.buffer).fill(0xcd);
      const of = (array: TypedArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (const [array, address] of addresses) bytes.set(of(array), address);
      const before = bytes.slice();
      const place = <T extends { readonly buffer: TypedArray | null }>(view: T) => ({
        ...view,
        buffer: view.buffer ? (addresses.get(view.buffer) as number) : 0,
      });
      const placed = { ...launch, inputs: launch.inputs.map(place), outputs: launch.outputs.map(place) };
      const views = { i32: new Int32Array(memory.buffer), f32: new Float32Array(memory.buffer) };
      const block = 8;
      printed.encode(placed, views, block);
      const env = { memory, ...Object.fromEntries(printed.imports.map((name) => [name, hostMath[name]])) };
      const { run } = new WebAssembly.Instance(module, { env }).exports as {
        run: (block: number, begin: number, end: number) => void;
      };
      const items = printed.items(placed);
      const ends = [...cuts.map((cut) => Math.floor(cut * items)), items];
      let begin = 0;
      for (const end of ends) {
        run(block, begin, end);
        begin = end;
      }
      const inside = new Uint8Array(bytes.length);
      for (const [array, address] of addresses) {
        of(array).set(bytes.subarray(address, address + array.byteLength));
        inside.fill(1, address, address + array.byteLength);
      }
      inside.fill(1, block, block + printed.blockBytes);
      for (let i = 0; i < bytes.length; i++) {
        if (inside[i] === 0 && bytes[i] !== before[i]) throw new Error(`wrote outside the buffers, at ${i}`);
      }
    },
  };
}
