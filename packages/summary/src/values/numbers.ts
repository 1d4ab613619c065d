/** The arrays that numbers come in. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers in lists in lists, all lists of one depth of the same length. */
export type NestedNumbers = readonly (number | bigint | boolean | NestedNumbers)[];

/**
 * Numbers with a shape, here or still on a device: tensors of any library that look like this, such as ours and TensorFlow.js's.
 *
 * A dtype of `"float16"` or `"bfloat16"` with a `Uint16Array` says that these are the bits of the numbers; `"complex64"` and `"complex128"`
 * have real and imaginary parts in turn.
 */
export interface ShapedNumbers {
  readonly shape: readonly number[];
  /** PyTorch's name for what the elements are. */
  readonly dtype?: string;
  /** The numbers, the last dimension running fastest, or a method that gets them. */
  readonly data: ArrayLike<number> | ArrayLike<bigint> | (() => NumbersRead | PromiseLike<NumbersRead>);
}

/** What a method `data` gives. TensorFlow.js says that it could be strings too; those are an error. */
export type NumbersRead = ArrayLike<number> | ArrayLike<bigint> | ArrayLike<string>;

/** Whatever numbers may be handed over as: a number, lists of them, a typed array, or numbers with a shape. */
export type Numbers = number | bigint | boolean | TypedArray | NestedNumbers | ShapedNumbers;
