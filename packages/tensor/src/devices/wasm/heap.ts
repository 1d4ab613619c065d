import { DeviceError } from "../../core/errors.ts";

const PAGE = 65_536;
/** Address 0 stays free, so that it never means a buffer; control words and parameter blocks lie below this. */
const FIRST_ADDRESS = 65_536;
const MAX_PAGES = 65_536;

/**
 * One linear memory handed out in size classes: eight to each doubling, so that at most an eighth of a block is wasted and freed blocks
 * fit the next tensor of about the size. Blocks begin at multiples of 64 bytes, a cache line.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  i32: Int32Array;
  u8: Uint8Array;
  f32: Float32Array;
  f64: Float64Array;
  #top = FIRST_ADDRESS;
  readonly #free = new Map<number, number[]>();

  constructor(shared: boolean) {
    this.shared = shared;
    const initial = FIRST_ADDRESS / PAGE;
    this.memory = new WebAssembly.Memory(shared ? { initial, maximum: MAX_PAGES, shared } : { initial });
    const { buffer } = this.memory;
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** Bytes taken from the system. */
  get reserved(): number {
    return this.memory.buffer.byteLength;
  }

  allocate(bytes: number): number {
    const size = sizeClass(bytes);
    const freed = this.#free.get(size)?.pop();
    if (freed !== undefined) return freed;
    const address = this.#top;
    const end = address + size;
    if (end > this.reserved) this.#grow(end, bytes);
    this.#top = end;
    return address;
  }

  free(address: number, bytes: number): void {
    const size = sizeClass(bytes);
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
  }

  #grow(end: number, bytes: number): void {
    const needed = Math.ceil((end - this.reserved) / PAGE);
    const have = this.reserved / PAGE;
    // A quarter more than needed, so that a model that grows tensor by tensor does not grow the memory each time.
    const generous = Math.min(Math.max(needed, Math.ceil(have / 4)), MAX_PAGES - have);
    try {
      this.memory.grow(Math.max(generous, needed));
    } catch {
      try {
        this.memory.grow(needed);
      } catch {
        throw new DeviceError(
          "wasm",
          `no memory for ${bytes} more bytes; ${this.#top} of at most ${MAX_PAGES * PAGE} are in use`,
          "Free tensors (scope, dispose), use smaller batches, or a GPU device.",
        );
      }
    }
    const { buffer } = this.memory;
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

/** The size of the block for so many bytes. */
function sizeClass(bytes: number): number {
  if (bytes <= 512) return Math.max(64, Math.ceil(bytes / 64) * 64);
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 3);
  return Math.ceil(bytes / step) * step;
}
