import { type FloatArray, type FloatType, type Shape, shaped, sizeOf } from "./array-shape.ts";

const pageBytes = 65536;
const mostPages = 65535;
// A line of the processor's cache: arrays that begin with one are read fastest, and vector loads past an array's end stay in its own memory.
const alignment = 64;
// Windows of this size together stay in the cache of a core while they are filled, computed on and emptied.
const windowBytes = 2 ** 20;
const blockBytes = 4096;
const slabBytes = 2 ** 24;
// An optimizer asks for all the state of a parameter one after the other; a rule runs fastest where it finds them in one memory.
const statesOfOne = 4;

/** A WebAssembly memory that never grows: state slots lie in it for good, and everything else passes through its window. */
export interface Slab {
  readonly memory: WebAssembly.Memory;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  /** Where the parameters of a call go. */
  readonly block: number;
  /** Where arrays that lie elsewhere are copied to, piece by piece. */
  readonly window: { readonly address: number; readonly bytes: number };
  /** The first byte that is free. */
  top: number;
}

const slabs = new WeakMap<ArrayBufferLike, Slab>();

/** The slab that new arrays go into. */
let current: Slab | undefined;

/** The memory that `array` lies in, where it is one of ours. */
export const slabOf = (array: FloatArray): Slab | undefined => slabs.get(array.buffer);

/** Some slab, or undefined where there is no WebAssembly, or no room for one. */
export const anySlab = (): Slab | undefined => (current ??= makeSlab(slabBytes));

/** Zeros that a rule runs fastest on. They go away as all arrays do, with the last one in their memory. */
export function stateZeros(dtype: FloatType, shape: Shape): FloatArray {
  const make = dtype === "float32" ? Float32Array : Float64Array;
  const size = sizeOf(shape);
  const bytes = Math.ceil((size * make.BYTES_PER_ELEMENT) / alignment + 1) * alignment;
  if (!current || current.top + bytes > current.memory.buffer.byteLength) {
    const wanted = Math.max(slabBytes, statesOfOne * bytes);
    // Where so much address space is not to be had, perhaps what is needed now is.
    current = makeSlab(wanted) ?? makeSlab(bytes);
  }
  if (!current) return shaped(new make(size), shape);
  const array = new make(current.memory.buffer, current.top, size);
  current.top += bytes;
  return shaped(array, shape);
}

function makeSlab(bytes: number): Slab | undefined {
  const start = blockBytes + windowBytes;
  const pages = Math.ceil((start + bytes) / pageBytes);
  if (typeof WebAssembly !== "object" || pages > mostPages) return undefined;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const { buffer } = memory;
  const slab: Slab = {
    memory,
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
    block: alignment,
    window: { address: blockBytes, bytes: windowBytes },
    top: start,
  };
  slabs.set(buffer, slab);
  return slab;
}
