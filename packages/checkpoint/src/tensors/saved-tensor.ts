import { type DType, elementTypes, type NumberArray } from "./dtype.ts";
import { isShortFloat, widen } from "./short-floats.ts";

/** Memory that tensors of a file lie in. Tensors with the same storage share their numbers, as views do. */
export interface Storage {
  readonly bytes: Uint8Array;
}

/** What a tensor of a file is, besides its numbers. */
export interface SavedTensorInit {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly storage: Storage;
  /** The first element, counted in elements of the storage. @defaultValue 0 */
  readonly offset?: number;
  /** Elements from one index to the next, for each dimension. @defaultValue row-major */
  readonly strides?: readonly number[];
  /** Did it record gradients when it was saved? @defaultValue false */
  readonly requiresGrad?: boolean;
  /** Was it a parameter of a module? @defaultValue false */
  readonly isParameter?: boolean;
}

/**
 * A tensor of a file: what it was when it was saved, and its numbers. Everything that takes `{ shape, data }` takes it: `loadStateDict` of
 * modules, optimizers and averages.
 *
 * @example
 * const bytes = await encodeSafetensors({ w: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } });
 * const w = (await loadSafetensors(bytes)).get("w");
 * w?.shape; // => [2, 2]
 * w?.data; // => Float32Array [1, 2, 3, 4]
 */
export class SavedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly storage: Storage;
  /** The first element, counted in elements of the storage. */
  readonly offset: number;
  /** Elements from one index to the next, for each dimension. */
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;
  readonly isParameter: boolean;

  constructor({
    dtype,
    shape,
    storage,
    offset = 0,
    strides = rowMajorStrides(shape),
    requiresGrad = false,
    isParameter = false,
  }: SavedTensorInit) {
    this.dtype = dtype;
    this.shape = shape;
    this.storage = storage;
    this.offset = offset;
    this.strides = strides;
    this.requiresGrad = requiresGrad;
    this.isParameter = isParameter;
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Do its elements lie one after the other, in row-major order? */
  get isContiguous(): boolean {
    const wanted = rowMajorStrides(this.shape);
    return this.numel === 0 || this.shape.every((size, dim) => size === 1 || this.strides[dim] === wanted[dim]);
  }

  /** Its bytes, row-major and little-endian: the storage's own where it is contiguous, else a copy. */
  get bytes(): Uint8Array {
    const { size } = elementTypes[this.dtype];
    const { bytes } = this.storage;
    if (this.isContiguous) return bytes.subarray(this.offset * size, (this.offset + this.numel) * size);
    return gather(bytes, size, this.offset, this.shape, this.strides);
  }

  /**
   * Its bytes as a typed array: what `data` is, except that floats of 8 and 16 bits are bit patterns. The storage's own memory where it is
   * contiguous and its place allows it, else a copy.
   */
  get elements(): NumberArray {
    const { size, array } = elementTypes[this.dtype];
    const { bytes } = this;
    const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
    return new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, (this.numel * size) / array.BYTES_PER_ELEMENT);
  }

  /**
   * Its numbers, row-major. float64, float32 and integers as the typed array of their name (64 bits: BigInt), bool as 0 and 1,
   * floats of 8 and 16 bits widened to a Float32Array, complex numbers as pairs of their parts; pairs of floats of 4 bits stay the bytes they are.
   */
  get data(): NumberArray {
    const { dtype, elements } = this;
    return isShortFloat(dtype) ? widen(dtype, elements as Uint8Array | Uint16Array) : elements;
  }
}

/** The strides of a tensor whose elements lie one after the other. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride;
    stride *= shape[dim] as number;
  }
  return strides;
}

/** The elements of a view, one after the other. */
function gather(
  bytes: Uint8Array,
  size: number,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const numel = shape.reduce((product, length) => product * length, 1);
  const gathered = new Uint8Array(numel * size);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < numel; to++) {
    for (let byte = 0; byte < size; byte++) gathered[to * size + byte] = bytes[from * size + byte] as number;
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      const next = (index[dim] as number) + 1;
      from += strides[dim] as number;
      if (next < (shape[dim] as number)) {
        index[dim] = next;
        break;
      }
      from -= (strides[dim] as number) * next;
      index[dim] = 0;
    }
  }
  return gathered;
}
