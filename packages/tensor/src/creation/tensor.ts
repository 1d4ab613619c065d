import { bytesPerElement, type DType, toFloat16 } from "@anneal/kernel";
import type { Device } from "../core/device.ts";
import { checkStorage } from "../core/dtypes.ts";
import { ShapeError } from "../core/errors.ts";
import { checkShape, counted, formatShape, numelOf, type Shape } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { defaultDevice } from "../devices/default-device.ts";
import type { TypedArray } from "../reading/read.ts";
import { Tensor } from "../tensor.ts";

/** What every function that makes a tensor takes. */
export interface TensorOptions {
  readonly dtype?: DType;
  /** @defaultValue the default device */
  readonly device?: Device;
  /** Want a gradient for it. @defaultValue false */
  readonly requiresGrad?: boolean;
}

/** Numbers as people have them. */
export type TensorData = number | boolean | TypedArray | readonly TensorData[];

/**
 * A tensor from numbers: one, nested arrays of them, or a typed array (copied).
 *
 * @param data - nested arrays must be regular
 * @param options - `dtype`: by default that of the typed array, bool for booleans, else float32; `shape`: how to fold a typed array
 * @throws {ShapeError} if the nesting is irregular or the shape does not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.tensor.html | torch.tensor}
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // => [2, 2]
 * tensor(new Int32Array([1, 2, 3])).dtype; // => "int32"
 */
export function tensor(data: TensorData, options: TensorOptions & { readonly shape?: Shape } = {}): Tensor {
  const { device = defaultDevice(), requiresGrad = false } = options;
  const typed = isTypedArray(data);
  const found = typed ? [data.length] : shapeOf(data);
  const flat = typed ? data : flatten(data, found);
  const shape = options.shape ?? found;
  checkShape("tensor", shape);
  if (numelOf(shape) !== flat.length) {
    throw new ShapeError(
      "tensor",
      `${flat.length} numbers do not fill the shape ${formatShape(shape)}`,
      `It takes ${numelOf(shape)}.`,
    );
  }
  const dtype =
    options.dtype ??
    (typed ? dtypeOf(data) : flat.length > 0 && flat.every((x) => typeof x === "boolean") ? "bool" : "float32");
  const result = fromNumbers(flat, [...shape], dtype, device);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/** A tensor of these elements in row-major order. */
export function fromNumbers(
  flat: ArrayLike<number | bigint | boolean>,
  shape: Shape,
  dtype: DType,
  device: Device,
): Tensor {
  checkStorage("tensor", dtype, device);
  const buffer = allocateFor(device, dtype, shape);
  if (flat.length > 0) device.write(buffer, encode(flat, dtype));
  return Tensor.ofValue(new Value(device, dtype, shape, { buffer }));
}

function encode(flat: ArrayLike<number | bigint | boolean>, dtype: DType): Uint8Array {
  const array = toArray(flat, dtype);
  return new Uint8Array(array.buffer, array.byteOffset, flat.length * bytesPerElement[dtype]);
}

function toArray(flat: ArrayLike<number | bigint | boolean>, dtype: DType): ArrayBufferView {
  switch (dtype) {
    case "float32":
      return flat instanceof Float32Array ? flat : new Float32Array(numbersOf(flat));
    case "float64":
      return flat instanceof Float64Array ? flat : new Float64Array(numbersOf(flat));
    case "int32":
      return flat instanceof Int32Array ? flat : new Int32Array(numbersOf(flat));
    case "uint8":
      return flat instanceof Uint8Array ? flat : new Uint8Array(numbersOf(flat));
    case "bool":
      return Uint8Array.from(flat, (x) => (x ? 1 : 0));
    case "int64":
      return flat instanceof BigInt64Array ? flat : BigInt64Array.from(flat, toBigInt);
    case "float16":
      return Uint16Array.from(flat, (x) => toFloat16(Number(x)));
  }
}

/** Typed arrays convert numbers by themselves, many times as fast as `from` with a function does. */
const numbersOf = (flat: ArrayLike<number | bigint | boolean>): ArrayLike<number> =>
  flat instanceof BigInt64Array ? Array.from(flat, Number) : (flat as ArrayLike<number>);

/** As typed arrays of other integers take numbers: without the fraction, NaN and infinities as 0. */
const toBigInt = (x: number | bigint | boolean): bigint =>
  typeof x !== "number" ? BigInt(x) : Number.isFinite(x) ? BigInt(Math.trunc(x)) : 0n;

function isTypedArray(data: TensorData): data is TypedArray {
  return ArrayBuffer.isView(data);
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof BigInt64Array) return "int64";
  return "float32";
}

const isList = (data: TensorData | undefined): data is readonly TensorData[] | TypedArray =>
  Array.isArray(data) || ArrayBuffer.isView(data);

function shapeOf(data: TensorData): number[] {
  const shape: number[] = [];
  let level: TensorData | undefined = data;
  while (isList(level)) {
    shape.push(level.length);
    level = level[0] as TensorData | undefined;
  }
  return shape;
}

function flatten(data: TensorData, shape: Shape): (number | boolean)[] {
  const flat: (number | boolean)[] = [];
  const path: number[] = [];
  const visit = (level: TensorData): void => {
    const depth = path.length;
    if (isList(level)) {
      if (depth >= shape.length || level.length !== shape[depth]) throw irregular(level, path, shape);
      for (let i = 0; i < level.length; i++) {
        path.push(i);
        visit(level[i] as TensorData);
        path.pop();
      }
    } else if (depth === shape.length && (typeof level === "number" || typeof level === "boolean")) flat.push(level);
    else if (typeof level === "bigint") flat.push(Number(level));
    else throw irregular(level, path, shape);
  };
  visit(data);
  return flat;
}

function irregular(found: unknown, path: readonly number[], shape: Shape): ShapeError {
  const place = (indices: readonly number[]): string => `data${indices.map((i) => `[${i}]`).join("")}`;
  const wanted = path.length < shape.length ? `has ${counted(shape[path.length] as number, "element")}` : "is a number";
  const there = path.length === 0 ? "" : ` where ${place(path.map(() => 0))} ${wanted}`;
  return new ShapeError(
    "tensor",
    `${place(path)} ${described(found)}${there}`,
    "Give a number, nested arrays of numbers of equal lengths, or a typed array.",
  );
}

function described(found: unknown): string {
  if (Array.isArray(found)) return `has ${counted(found.length, "element")}`;
  if (found === null || found === undefined) return `is ${found}`;
  return `is ${typeof found === "object" ? "an" : "a"} ${typeof found}`;
}
