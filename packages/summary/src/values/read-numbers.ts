import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { show } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";
import { type DataType, dataTypes } from "../protos/data-types.ts";
import { flatten } from "./flatten.ts";
import { float16FromBits } from "./float16.ts";
import type { Numbers, ShapedNumbers, TypedArray } from "./numbers.ts";

/** Numbers that are here, with their shape and what they are. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: NumberType;
  /** The last dimension runs fastest; complex numbers are two each. */
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** What the elements of a tensor of numbers may be. */
type NumberType = Exclude<DataType, "string">;

/**
 * The numbers, at once if they are here, else a promise of them.
 *
 * @param where - the method that was called, for errors
 * @param what - the argument, for errors
 * @throws {OptionError} if they are no numbers, or not as many as their shape says
 */
export function readNumbers(where: string, what: string, numbers: Numbers): MaybePromise<Values> {
  if (typeof numbers === "number") return { shape: [], dtype: "float64", data: [numbers] };
  if (typeof numbers === "bigint") return { shape: [], dtype: "int64", data: [numbers] };
  if (typeof numbers === "boolean") return { shape: [], dtype: "bool", data: [Number(numbers)] };
  if (Array.isArray(numbers)) return flatten(where, what, numbers);
  if (isTypedArray(numbers)) return { shape: [numbers.length], dtype: dtypeOf(numbers), data: numbers };
  if (!isShaped(numbers)) {
    const forms = "a number, a list, a typed array, a tensor or { shape, data }";
    throw new OptionError(`${where}: ${what} must be ${forms}, got ${show(numbers)}.`);
  }
  const { shape, dtype } = numbers;
  const data: unknown = typeof numbers.data === "function" ? numbers.data() : numbers.data;
  return whenThere(isThenable(data) ? Promise.resolve(data) : data, (there) =>
    shapedValues(where, what, shape, dtype, there),
  );
}

/** {@link readNumbers} of an argument that may be left out. */
export function readIfGiven(
  where: string,
  what: string,
  numbers: Numbers | undefined,
): MaybePromise<Values | undefined> {
  return numbers === undefined ? undefined : readNumbers(where, what, numbers);
}

/** The values as numbers: halves from their bits, bigints as the nearest doubles. */
export function asNumbers({ dtype, data }: Values): ArrayLike<number> {
  if (dtype === "float16" && data instanceof Uint16Array) return Float32Array.from(data, float16FromBits);
  if (dtype === "bfloat16" && data instanceof Uint16Array) {
    return new Float32Array(Uint32Array.from(data, (bits) => bits << 16).buffer);
  }
  return holdsNumbers(data) ? data : Float64Array.from(data, Number);
}

function shapedValues(
  where: string,
  what: string,
  shape: readonly number[],
  dtypeName: string | undefined,
  data: unknown,
): Values {
  const isList = Array.isArray(data) || isTypedArray(data);
  if (!isList || !(data.length === 0 || typeof data[0] === "number" || typeof data[0] === "bigint")) {
    throw new OptionError(`${where}: ${what}.data must be numbers, got ${show(data)}.`);
  }
  const dtype = dtypeName === undefined ? dtypeOf(data) : knownType(where, what, dtypeName);
  const size = shape.reduce((product, length) => product * length, dtype.startsWith("complex") ? 2 : 1);
  if (size !== data.length) {
    const says = `shape [${shape.join(", ")}] of ${dtype} has ${size} numbers`;
    throw new OptionError(`${where}: ${what} of ${says}, but its data has ${data.length}.`);
  }
  return { shape: [...shape], dtype, data };
}

function knownType(where: string, what: string, name: string): NumberType {
  for (const known of Object.keys(dataTypes)) if (known === name && isNumberType(known)) return known;
  throw new OptionError(
    `${where}: ${what} has dtype ${show(name)}. Give one of ${Object.keys(dataTypes).filter(isNumberType).join(", ")}.`,
  );
}

const isNumberType = (name: string): name is NumberType => name !== "string" && Object.hasOwn(dataTypes, name);

const holdsNumbers = (data: ArrayLike<number> | ArrayLike<bigint>): data is ArrayLike<number> =>
  typeof data[0] !== "bigint";

const isTypedArray = (value: unknown): value is TypedArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value;

const isShaped = (value: unknown): value is ShapedNumbers =>
  typeof value === "object" && value !== null && "data" in value && "shape" in value && Array.isArray(value.shape);

function dtypeOf(data: TypedArray | readonly unknown[]): NumberType {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Int16Array) return "int16";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return "uint8";
  if (data instanceof Uint16Array) return "uint16";
  if (data instanceof Uint32Array) return "uint32";
  if (data instanceof BigInt64Array) return "int64";
  if (data instanceof BigUint64Array) return "uint64";
  if (Array.isArray(data)) return typeof data[0] === "bigint" ? "int64" : "float64";
  return Object.prototype.toString.call(data) === "[object Float16Array]" ? "float16" : "float32";
}
